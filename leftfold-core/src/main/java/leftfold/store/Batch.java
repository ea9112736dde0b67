// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.util.List;

/**
 * Events that a subscription delivered together, in log order. Immutable.
 *
 * @param events may be empty
 * @param position everything that matches up to here has been delivered: the checkpoint to keep once the events are
 *     handled
 * @param head the last position of the log when the batch was read
 */
public record Batch(List<RecordedEvent> events, long position, long head) {
    /** Copies. */
    public Batch {
        events = List.copyOf(events);
    }

    /** Returns whether the follower had reached the end of the log. */
    public boolean caughtUp() {
        return position >= head;
    }
}
