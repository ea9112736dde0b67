// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.time.Duration;

/**
 * How a relay works. Immutable. All relays of an outbox are to have the same.
 *
 * @param attemptsMax how often a message that fails is tried before it is parked; a target that is away does not count
 * @param retryFirst the pause after the first failure; each further one is twice as long, up to {@code retryMax}
 * @param retryMax the longest pause
 * @param keep how long a message that was delivered stays in the table; while it does, its id is not published again
 */
public record RelaySettings(int attemptsMax, Duration retryFirst, Duration retryMax, Duration keep) {
    private static final RelaySettings STANDARD =
            new RelaySettings(20, Duration.ofMillis(100), Duration.ofMinutes(1), Duration.ofHours(1));

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if there is no attempt, a pause is not above zero, or {@code keep} is negative
     */
    public RelaySettings {
        if (attemptsMax < 1) {
            throw new IllegalArgumentException("a message is tried at least once, not " + attemptsMax + " times");
        }
        if (!retryFirst.isPositive() || retryMax.compareTo(retryFirst) < 0) {
            throw new IllegalArgumentException(
                    "pauses are above zero and do not shrink, not from " + retryFirst + " to " + retryMax);
        }
        if (keep.isNegative()) {
            throw new IllegalArgumentException("messages cannot be kept for " + keep);
        }
    }

    /** Returns 20 attempts in about twelve minutes, with pauses from 100 ms to a minute, and an hour's keeping. */
    public static RelaySettings standard() {
        return STANDARD;
    }

    /** Returns the same with another number of attempts. */
    public RelaySettings withAttemptsMax(int attempts) {
        return new RelaySettings(attempts, retryFirst, retryMax, keep);
    }

    /** Returns the same with other pauses. */
    public RelaySettings withRetries(Duration first, Duration longest) {
        return new RelaySettings(attemptsMax, first, longest, keep);
    }

    /** Returns the same with another time that delivered messages are kept for. */
    public RelaySettings withKeep(Duration other) {
        return new RelaySettings(attemptsMax, retryFirst, retryMax, other);
    }

    /** Returns the pause after so many failures in a row, from 1. */
    Duration pause(int failures) {
        Duration pause = retryFirst;
        for (int i = 1; i < failures && pause.compareTo(retryMax) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(retryMax) < 0 ? pause : retryMax;
    }
}
