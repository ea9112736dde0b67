// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.time.Duration;
import java.time.InstantSource;
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

    /** Returns the timeout in seconds. */
    int timeoutSeconds() {
        return (int) Math.min(Integer.MAX_VALUE / 1_000, timeout.toSeconds());
    }
}
