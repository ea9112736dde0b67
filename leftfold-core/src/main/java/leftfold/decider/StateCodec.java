// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import leftfold.store.Data;

/**
 * Turns a decider's state into bytes and back, for snapshots. For implementers. Safe for use by many threads.
 *
 * @param <S> the state
 */
public interface StateCodec<S> {
    /** Returns the version of the fold: raise it whenever {@code evolve} or the form of the state changes. */
    int stateVersion();

    /** Returns {@code state} as bytes. */
    Data encode(S state);

    /**
     * Returns the state in {@code data}.
     *
     * @throws RuntimeException of any kind if it does not fit; the snapshot is then ignored
     */
    S decode(Data data);
}
