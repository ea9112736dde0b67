// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test turns it, forwards or back. Safe for use by many threads. */
public final class HandTurnedClock implements InstantSource {
    private volatile Instant now;

    /** Creates a clock that shows {@code start}. */
    public HandTurnedClock(Instant start) {
        this.now = start;
    }

    /** Returns what the clock shows. */
    @Override
    public Instant instant() {
        return now;
    }

    /** Turns the clock to {@code instant}. */
    public void set(Instant instant) {
        now = instant;
    }

    /** Turns the clock by {@code step}; a negative one turns it back. */
    public void turn(Duration step) {
        now = now.plus(step);
    }
}
