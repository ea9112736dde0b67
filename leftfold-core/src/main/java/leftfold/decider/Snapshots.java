// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import java.util.Optional;
import leftfold.store.StreamId;

/**
 * Where the snapshots of one log and one decider are kept. For implementers. Safe for use by many threads. All of them
 * may be deleted at any time: it costs time, nothing else.
 */
public interface Snapshots {
    /** Returns the last snapshot saved of {@code stream}, if there is one. */
    Optional<Snapshot> load(StreamId stream);

    /** Keeps {@code snapshot} in place of the stream's earlier one. */
    void save(Snapshot snapshot);
}
