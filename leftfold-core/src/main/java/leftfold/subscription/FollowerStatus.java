// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a follower stands. Immutable.
 *
 * @param name the follower's name
 * @param position the last position that it has durably finished
 * @param head the last position of the log
 * @param progress how far behind it is in time, and how fast it gets on
 * @param state whether it goes on
 */
public record FollowerStatus(String name, long position, long head, Progress progress, State state) {
    /**
     * How a follower gets on. Immutable.
     *
     * @param lag how long the oldest event that it has not finished has been waiting; zero if none is
     * @param positionsPerSecond how many positions a second it finished lately
     * @param busy how long its sink has had the batch under way; zero if none is: a handler that hangs shows here
     */
    public record Progress(Duration lag, double positionsPerSecond, Duration busy) {}

    /** Whether a follower goes on. */
    public sealed interface State {
        /** It takes events, or waits for them. */
        record Running() implements State {}

        /**
         * It takes nothing now, and tries again by itself.
         *
         * @param reason what it waits for, on one line
         */
        record Waiting(String reason) implements State {}

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

    /** Returns how long it takes to catch up at the present rate; empty if it does not get on. */
    public Optional<Duration> eta() {
        return eta(lagEvents(), progress.positionsPerSecond());
    }

    /** Returns how long {@code events} take at a rate; empty if that is below one in a thousand seconds. */
    public static Optional<Duration> eta(long events, double positionsPerSecond) {
        if (events == 0) {
            return Optional.of(Duration.ZERO);
        }
        return positionsPerSecond < 0.001
                ? Optional.empty()
                : Optional.of(Duration.ofMillis((long) (events * 1_000 / positionsPerSecond)));
    }

    /** Returns one line for people. */
    @Override
    public String toString() {
        return name + " " + words(state) + " at position " + position + " of " + head;
    }

    private static String words(State state) {
        return switch (state) {
            case State.Running() -> "is running";
            case State.Waiting(String reason) -> "is waiting (" + reason + ")";
            case State.Stopped() -> "is stopped";
            case State.Failed(long at, UUID eventId, Throwable cause) ->
                "failed at " + (eventId == null ? "" : "event " + eventId + ", ") + "position " + at + " (" + cause
                        + ")";
        };
    }
}
