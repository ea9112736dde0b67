// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/**
 * How a follower works. Immutable.
 *
 * @param batchEventsMax the most events that it takes at once
 * @param backoff what it does when an event fails
 * @param threads makes its one thread
 */
public record FollowerSettings(int batchEventsMax, Backoff backoff, ThreadFactory threads) {
    /** The most events in a batch where nothing else is said. */
    public static final int BATCH_EVENTS_MAX = 512;

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

    /** Returns {@link #BATCH_EVENTS_MAX} events at once, three retries in a third of a second, a virtual thread. */
    public static FollowerSettings standard() {
        return new FollowerSettings(
                BATCH_EVENTS_MAX,
                Backoff.doubling(RETRIES_MAX, RETRY_FIRST),
                Thread.ofVirtual().name("leftfold-follower-", 0).factory());
    }

    /** Returns the same with this batch size. */
    public FollowerSettings withBatchEventsMax(int events) {
        return new FollowerSettings(events, backoff, threads);
    }

    /** Returns the same with this backoff. */
    public FollowerSettings withBackoff(Backoff other) {
        return new FollowerSettings(batchEventsMax, other, threads);
    }

    /** Returns the same with its thread from here. */
    public FollowerSettings withThreads(ThreadFactory other) {
        return new FollowerSettings(batchEventsMax, backoff, other);
    }
}
