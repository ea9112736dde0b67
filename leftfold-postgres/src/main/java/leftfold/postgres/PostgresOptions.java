// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a store works. Immutable.
 *
 * @param clock what events are recorded by; null for the database's own clock
 * @param timeout how long a statement of an append may take, the wait for the log's lock included, and how long a lost
 *     connection is looked for anew; whole seconds. A read is given up when the server has been silent for ten times as
 *     long, or for the driver's {@code socketTimeout} where the program set one
 */
public record PostgresOptions(@Nullable InstantSource clock, Duration timeout) {
    private static final int ANSWER_SECONDS = 5; // after the timeout; the server has given up by then
    private static final int READ_TIMEOUTS = 10; // a page may have to be looked for in all of a large log
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /**
     * Checks the timeout.
     *
     * @throws IllegalArgumentException if it is below a second
     */
    public PostgresOptions {
        if (timeout.toSeconds() < 1) {
            throw new IllegalArgumentException("a timeout is at least a second, not " + timeout);
        }
    }

    /** Returns the database's clock and a timeout of 30 seconds. */
    public static PostgresOptions defaults() {
        return new PostgresOptions(null, TIMEOUT);
    }

    /** Returns the same with another clock. */
    public PostgresOptions withClock(InstantSource other) {
        return new PostgresOptions(other, timeout);
    }

    /** Returns the same with another timeout. */
    public PostgresOptions withTimeout(Duration other) {
        return new PostgresOptions(clock, other);
    }

    /**
     * Returns how long the answer to an append or a commit may take, in milliseconds. The server itself gives up what
     * takes too long; one from which no answer comes is given up a little later, and the connection with it.
     */
    int answerMillis() {
        return millis((long) timeoutSeconds() + ANSWER_SECONDS);
    }

    /** Returns how long the answer to a read may take, in milliseconds. */
    int readMillis() {
        return millis((long) timeoutSeconds() * READ_TIMEOUTS);
    }

    private static int millis(long seconds) {
        return (int) Math.min(Integer.MAX_VALUE, TimeUnit.SECONDS.toMillis(seconds));
    }

    /** Returns the timeout in seconds. */
    int timeoutSeconds() {
        return (int) Math.min(Integer.MAX_VALUE / 1_000, timeout.toSeconds());
    }
}
