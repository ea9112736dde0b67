// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.time.Duration;

/**
 * Following a log: ask for the next batch when ready for it, so nothing piles up. For callers. Confined to one thread,
 * but for {@link #close}, which any thread may call.
 */
public interface Subscription extends AutoCloseable {
    /**
     * Returns the next events, at most {@code eventsMax}; waits up to {@code wait} for the first one. A batch without
     * events can still move the follower's position, past events that do not match.
     *
     * @throws InterruptedException if the thread is interrupted; no event is lost, the next call continues
     * @throws IllegalStateException if the subscription or its store is closed
     */
    Batch next(int eventsMax, Duration wait) throws InterruptedException;

    /** Ends the subscription; a call of {@link #next} that waits ends with {@link IllegalStateException}. */
    @Override
    void close();
}
