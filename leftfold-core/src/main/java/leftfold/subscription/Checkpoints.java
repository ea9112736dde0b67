// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.util.UUID;

/** Where followers keep how far they have got. For callers and implementers. Safe for use by many threads. */
public interface Checkpoints {
    /**
     * Returns the follower's checkpoint in {@code log}; at position 0 if it has none.
     *
     * @throws CheckpointException.OtherLog if the follower's checkpoint belongs to another log
     */
    Checkpoint load(String follower, UUID log);

    /**
     * Moves the checkpoint from where the caller knows it to {@code position}, and returns it there once that survives
     * what the implementation survives.
     *
     * @throws CheckpointException.Moved if it is no longer at {@code from}; it stays where it is
     * @throws CheckpointException.OtherLog if it belongs to another log; it stays where it is
     */
    Checkpoint move(Checkpoint from, long position);
}
