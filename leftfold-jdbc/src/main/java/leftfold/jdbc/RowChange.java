// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one row of a read model differs between two points of the log. Immutable.
 *
 * @param table the view under which readers know the table
 * @param before the columns and their values at the first point; null if the row was not there
 * @param after the same at the second point; null if the row is not there
 */
public record RowChange(
        String table,
        @Nullable Map<String, @Nullable Object> before,
        @Nullable Map<String, @Nullable Object> after) {
    /** Copies. */
    public RowChange {
        before = before == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(before));
        after = after == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(after));
    }
}
