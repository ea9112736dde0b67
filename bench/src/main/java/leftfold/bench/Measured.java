// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * What one round of a case did.
 *
 * @param events how many events, or of the disk writes
 * @param nanos how long it took
 * @param latencies of each call, in nanoseconds
 */
public record Measured(long events, long nanos, Histogram latencies) {
    private static final long LATENCY_NANOS_MAX = TimeUnit.HOURS.toNanos(1);

    /** Returns a histogram that any number of threads can record in. */
    public static Histogram histogram() {
        return new ConcurrentHistogram(LATENCY_NANOS_MAX, 3);
    }

    /** Returns the round that was one call. */
    static Measured ofOne(long events, long nanos) {
        Histogram latencies = histogram();
        latencies.recordValue(nanos);
        return new Measured(events, nanos, latencies);
    }

    double eventsPerSecond() {
        return events * 1e9 / nanos;
    }
}
