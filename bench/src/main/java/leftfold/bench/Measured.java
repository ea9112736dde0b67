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
record Measured(long events, long nanos, Histogram latencies) {
    private static final long LATENCY_NANOS_MAX = TimeUnit.MINUTES.toNanos(2);

    static Histogram histogram() {
        return new ConcurrentHistogram(LATENCY_NANOS_MAX, 3);
    }

    double eventsPerSecond() {
        return events * 1e9 / nanos;
    }

    /** Returns the latency that {@code percent} of the calls stayed under, in microseconds. */
    double micros(double percent) {
        return latencies.getValueAtPercentile(percent) / 1e3;
    }
}
