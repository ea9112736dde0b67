// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import leftfold.store.RecordedEvent;

/** What a follower does with each event. For implementers. Called by one thread at a time, in log order. */
@FunctionalInterface
public interface EventHandler {
    /**
     * Handles {@code event}; may see it again after a crash, so its effect must be the same the second time.
     *
     * @throws Exception if the event cannot be handled; the follower tries again or stops at it
     */
    void handle(RecordedEvent event) throws Exception;
}
