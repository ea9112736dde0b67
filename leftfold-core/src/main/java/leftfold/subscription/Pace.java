// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

/**
 * How large the next batch is to be, and how fast a follower gets on. Batches grow while they are quick and shrink when
 * they are slow, so that a slow handler's checkpoint is never far behind it. Changed by the follower's thread; any
 * thread may ask for the rate.
 */
final class Pace {
    private static final int BATCH_EVENTS_FIRST = 64;
    private static final long BATCH_NANOS_MAX = 200_000_000;
    private static final long WINDOW_NANOS = 3_000_000_000L;

    /** Where the follower stood at two times; the rate is taken since the older one. */
    private record Window(long olderNanos, long olderPosition, long newerNanos, long newerPosition) {}

    private final int batchEventsMax;
    private int batchEvents;
    private volatile Window window = new Window(0, 0, 0, 0);

    Pace(int batchEventsMax) {
        this.batchEventsMax = batchEventsMax;
        this.batchEvents = Math.min(BATCH_EVENTS_FIRST, batchEventsMax);
    }

    /** Returns the most events to ask for. */
    int batchEvents() {
        return batchEvents;
    }

    /** Begins to measure at {@code position}. */
    void begin(long position, long nowNanos) {
        window = new Window(nowNanos, position, nowNanos, position);
    }

    /** Notes that {@code events} were taken in {@code nanos}, up to {@code position}. */
    void taken(int events, long nanos, long position, long nowNanos) {
        if (nanos > BATCH_NANOS_MAX) {
            batchEvents = Math.max(1, batchEvents / 2);
        } else if (events >= batchEvents && nanos < BATCH_NANOS_MAX / 2) {
            batchEvents = (int) Math.min(batchEventsMax, batchEvents * 2L);
        }
        Window last = window;
        if (nowNanos - last.newerNanos > WINDOW_NANOS) {
            window = new Window(last.newerNanos, last.newerPosition, nowNanos, position);
        }
    }

    /** Returns how many positions a second were finished lately; 0 if none were. */
    double positionsPerSecond(long position, long nowNanos) {
        Window since = window;
        long nanos = nowNanos - since.olderNanos;
        return nanos <= 0 ? 0 : Math.max(0, position - since.olderPosition) * 1e9 / nanos;
    }
}
