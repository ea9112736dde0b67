// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A hand-turned clock that decides what becomes one group commit: the writer asks for the time once it has taken a
 * group's first append, and gets it when the rest has been handed over. Safe for use by the writer and one test thread.
 */
final class GroupClock implements InstantSource {
    private final ReentrantLock handingOver = new ReentrantLock();
    private volatile Runnable before = () -> {};
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public Instant instant() {
        handingOver.lock();
        try {
            before.run();
            return now;
        } finally {
            handingOver.unlock();
        }
    }

    /** Has {@code work} run, which may throw, whenever the clock is asked. */
    void before(Runnable work) {
        before = work;
    }

    /** Turns the clock, which may go back. */
    void turn(long micros) {
        now = now.plusNanos(1_000 * micros);
    }

    /** Runs {@code appends}, which hands over appends without waiting for them; they go into one group. */
    void together(Runnable appends) {
        handingOver.lock();
        try {
            appends.run();
        } finally {
            handingOver.unlock();
        }
    }
}
