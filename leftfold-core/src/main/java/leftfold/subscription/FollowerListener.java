// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.time.Duration;
import leftfold.store.RecordedEvent;

/**
 * Hears what followers do, for metrics. For implementers. Called on the followers' threads: must be quick, must not
 * throw, and must be safe for use by many threads.
 */
public interface FollowerListener {
    /**
     * A follower has durably finished a batch.
     *
     * @param events how many events it had; may be 0
     * @param took how long the sink had it
     */
    default void taken(String follower, int events, Duration took) {}

    /** A follower waits for its sink, and tries again by itself. */
    default void waits(String follower, String reason) {}

    /** An event was put aside, for it failed. */
    default void parked(String follower, RecordedEvent event, Throwable cause) {}

    /** A follower gave up. */
    default void failed(String follower, FollowerStatus.State.Failed state) {}

    /** Returns the listener that does nothing. */
    static FollowerListener none() {
        return new FollowerListener() {};
    }
}
