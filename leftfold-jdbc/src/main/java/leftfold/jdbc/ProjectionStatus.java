// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import leftfold.subscription.FollowerStatus;
import org.jspecify.annotations.Nullable;

/**
 * Where one build of a projection stands, as its read database says. Immutable.
 *
 * @param name the projection's name
 * @param projectionVersion the version of its code
 * @param build which build of that version it is, from 1; a rebuild makes the next one
 * @param state whether readers see it
 * @param position the position up to which it has durably finished every event that it wants
 * @param head the last position of the log
 * @param lag how long the oldest event that it wants and has not finished has been waiting; zero if none is
 * @param positionsPerSecond how many positions a second its runner finished lately; 0 without a runner
 * @param running whether a process has the right to fill it; on another machine, perhaps one that died and was not
 *     replaced
 * @param deadLetters how many events it has put aside
 * @param failure why it stopped; null if it did not
 */
public record ProjectionStatus(
        String name,
        int projectionVersion,
        int build,
        State state,
        long position,
        long head,
        Duration lag,
        double positionsPerSecond,
        boolean running,
        int deadLetters,
        @Nullable Failure failure) {
    /** Whether readers see a build. */
    public enum State {
        /** Not yet: it is to be shown once it has caught up. */
        BUILDING,
        /** Yes. */
        LIVE,
        /** No longer: it is kept for a rollback until it is dropped. */
        KEPT
    }

    /**
     * Why a projection stopped.
     *
     * @param position the position of the event that it failed at; its own where no event is to blame
     * @param eventId the event's id; null where no event is to blame
     * @param cause the exception, on one line
     */
    public record Failure(long position, @Nullable UUID eventId, String cause) {}

    /** Returns how many positions of the log it has not finished yet. */
    public long lagEvents() {
        return Math.max(0, head - position);
    }

    /** Returns how long it takes to catch up at the present rate; empty if it does not get on. */
    public Optional<Duration> eta() {
        return FollowerStatus.eta(lagEvents(), positionsPerSecond);
    }
}
