// SPDX-License-Identifier: Apache-2.0
package leftfold.cli.imports;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The events of one file in its order, one at a time. Confined to one thread. */
interface EventSource {
    /**
     * Returns the next event, or null at the end.
     *
     * @throws ImportException if the file is not what its format asks for
     * @throws IOException if it cannot be read
     */
    @Nullable FileEvent next() throws IOException;

    /** Returns where the event that was returned last stands. */
    Place place();
}
