// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.util.UUID;

/**
 * How far a follower has got in one log. Immutable.
 *
 * @param follower the follower's name
 * @param log the {@link leftfold.store.EventStore#id} of the log that {@code position} belongs to
 * @param position the last position that is durably finished; 0 for none
 */
public record Checkpoint(String follower, UUID log, long position) {
    /**
     * Checks name and position.
     *
     * @throws IllegalArgumentException if the name is empty or {@code position} is negative
     */
    public Checkpoint {
        if (follower.isEmpty()) {
            throw new IllegalArgumentException("a follower's name is empty; give it at least one character");
        }
        if (position < 0) {
            throw new IllegalArgumentException("a position is 0 or more, not " + position);
        }
    }

    /** Returns the same follower's checkpoint at {@code other}. */
    public Checkpoint at(long other) {
        return new Checkpoint(follower, log, other);
    }
}
