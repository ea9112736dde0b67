// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.util.List;

/**
 * What an accepted append did. Immutable.
 *
 * @param position the position of its last event
 * @param versions for each write, in order, the version of the last event that it wrote
 * @param repeated whether the same events were accepted earlier and nothing was written now; position and versions
 *     are then those of the first time
 */
public record AppendResult(long position, List<StreamVersion> versions, boolean repeated) {
    /** Copies. */
    public AppendResult {
        versions = List.copyOf(versions);
    }

    /** Returns the version of the last event of the first write. */
    public long version() {
        return versions.getFirst().version();
    }
}
