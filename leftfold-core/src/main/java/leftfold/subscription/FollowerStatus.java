// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a follower stands. Immutable.
 *
 * @param name the follower's name
 * @param position the last position that it has durably finished
 * @param head the last position of the log
 * @param state whether it goes on
 */
public record FollowerStatus(String name, long position, long head, State state) {
    /** Whether a follower goes on. */
    public sealed interface State {
        /** It takes events, or waits for them. */
        record Running() implements State {}

        /** It was closed. */
        record Stopped() implements State {}

        /**
         * It gave up.
         *
         * @param position the position of the event that it failed at; the follower's own where no event is to blame
         * @param eventId the id of that event; null where no event is to blame
         * @param cause what went wrong
         */
        record Failed(long position, @Nullable UUID eventId, Throwable cause) implements State {}
    }

    /** Returns how many positions of the log the follower has not finished yet. */
    public long lagEvents() {
        return Math.max(0, head - position);
    }

    /** Returns one line for people. */
    @Override
    public String toString() {
        return name + " " + words(state) + " at position " + position + " of " + head;
    }

    private static String words(State state) {
        return switch (state) {
            case State.Running() -> "is running";
            case State.Stopped() -> "is stopped";
            case State.Failed(long at, UUID eventId, Throwable cause) ->
                "failed at " + (eventId == null ? "" : "event " + eventId + ", ") + "position " + at + " (" + cause
                        + ")";
        };
    }
}
