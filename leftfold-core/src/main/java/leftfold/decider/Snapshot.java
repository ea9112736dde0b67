// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import leftfold.store.Data;
import leftfold.store.StreamId;

/**
 * A decider's state at a version of a stream: a cache, never truth. Immutable.
 *
 * @param version the version of the last event in the state, from 1
 * @param stateVersion the version of the fold that made the state; another one's snapshots are ignored
 * @param data the state
 */
public record Snapshot(StreamId stream, long version, int stateVersion, Data data) {
    /**
     * Checks the version.
     *
     * @throws IllegalArgumentException if {@code version} is below 1
     */
    public Snapshot {
        if (version < 1) {
            throw new IllegalArgumentException("a snapshot's version is 1 or more, not " + version);
        }
    }
}
