// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.util.regex.Pattern;
import leftfold.projection.ProjectionId;

/** Names of tables and views, so plain that no database needs them quoted. */
final class TableName {
    private static final Pattern PLAIN = Pattern.compile("[a-z][a-z0-9_]{0,49}");

    private TableName() {}

    /** Returns {@code name}, if every database takes it as it is. */
    static String check(String name) {
        if (!PLAIN.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a table's name is lower-case letters, digits and '_', 50 at most, not '" + name + "'");
        }
        return name;
    }

    /** Returns the name of the view where readers find the projection, such as {@code trending_topics}. */
    static String view(ProjectionId id) {
        return id.name().replace('-', '_');
    }
}
