// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;

/**
 * How a follower works. Immutable.
 *
 * @param batchEventsMax the most events that it takes at once; it begins with fewer, and takes more while that is
 *     quick
 * @param backoff what it does when an event fails
 * @param threads makes its one thread
 * @param clock tells how old the events are that it has not finished
 * @param listener hears what it does
 */
public record FollowerSettings(
        int batchEventsMax, Backoff backoff, ThreadFactory threads, InstantSource clock, FollowerListener listener) {
    /** The most events in a batch where nothing else is said. */
    public static final int BATCH_EVENTS_MAX = 16_384;

    private static final int RETRIES_MAX = 3;
    private static final Duration RETRY_FIRST = Duration.ofMillis(50);

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if {@code batchEventsMax} is below 1
     */
    public FollowerSettings {
        if (batchEventsMax < 1) {
            throw new IllegalArgumentException("a batch has room for at least 1 event, not " + batchEventsMax);
        }
    }

    /** Returns up to {@link #BATCH_EVENTS_MAX} events, three retries in a third of a second, a virtual thread. */
    public static FollowerSettings standard() {
        return new FollowerSettings(
                BATCH_EVENTS_MAX,
                Backoff.doubling(RETRIES_MAX, RETRY_FIRST),
                Thread.ofVirtual().name("leftfold-follower-", 0).factory(),
                InstantSource.system(),
                FollowerListener.none());
    }

    /** Returns the same with this batch size. */
    public FollowerSettings withBatchEventsMax(int events) {
        return new FollowerSettings(events, backoff, threads, clock, listener);
    }

    /** Returns the same with this backoff. */
    public FollowerSettings withBackoff(Backoff other) {
        return new FollowerSettings(batchEventsMax, other, threads, clock, listener);
    }

    /** Returns the same with its thread from here. */
    public FollowerSettings withThreads(ThreadFactory other) {
        return new FollowerSettings(batchEventsMax, backoff, other, clock, listener);
    }

    /** Returns the same with this clock. */
    public FollowerSettings withClock(InstantSource other) {
        return new FollowerSettings(batchEventsMax, backoff, threads, other, listener);
    }

    /** Returns the same with this listener. */
    public FollowerSettings withListener(FollowerListener other) {
        return new FollowerSettings(batchEventsMax, backoff, threads, clock, other);
    }
}
