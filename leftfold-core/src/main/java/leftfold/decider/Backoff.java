// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/**
 * How long to wait before a refused append is tried again: a random time up to a limit that doubles with each attempt,
 * so that writers in each other's way part. Safe for use by many threads if its parts are.
 *
 * @param random chooses the time
 * @param pause waits for so many nanoseconds, or less
 */
record Backoff(RandomGenerator random, LongConsumer pause) {
    /** The longest wait after the first attempt. */
    static final long FIRST_NANOS_MAX = 1_000_000;

    /** The longest wait after any attempt. */
    static final long NANOS_MAX = 100_000_000;

    private static final int DOUBLINGS_MAX = 16;

    /** Returns the one that parks the thread and draws from each thread's own randomness. */
    static Backoff parking() {
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        return new Backoff(random, LockSupport::parkNanos);
    }

    /** Waits after attempt number {@code attempt}, counted from 1. */
    void afterAttempt(int attempt) {
        long nanosMax = Math.min(NANOS_MAX, FIRST_NANOS_MAX << Math.min(attempt - 1, DOUBLINGS_MAX));
        pause.accept(random.nextLong(nanosMax + 1));
    }
}
