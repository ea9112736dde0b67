// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.util.List;
import leftfold.store.Batch;
import leftfold.store.RecordedEvent;

/**
 * One batch on its way into the sink: whole, or in parts once an event of it has failed. What lies before that event
 * goes first, so that a follower ends right at it, wherever the batch began. Confined to the follower's thread.
 */
final class Delivery {
    private final Batch batch;
    private int partMax = Integer.MAX_VALUE;
    private long failedAt;
    private int failures;

    Delivery(Batch batch) {
        this.batch = batch;
    }

    /** Returns the position up to which the batch goes. */
    long end() {
        return batch.position();
    }

    /** Returns what is to be taken next, after {@code position} and not after {@code limit}, which is larger. */
    Batch part(long position, long limit) {
        List<RecordedEvent> left = after(position);
        if (limit < batch.position()) {
            left = left.stream().filter(event -> event.position() <= limit).toList();
        }
        if (left.size() <= partMax) {
            return new Batch(left, Math.min(limit, batch.position()), batch.head());
        }
        List<RecordedEvent> part = left.subList(0, partMax);
        return new Batch(part, part.getLast().position(), batch.head());
    }

    /** Notes that the part was taken. */
    void taken() {
        partMax = Integer.MAX_VALUE;
        failures = 0;
    }

    /**
     * Notes a failure, and returns how often the same has now failed in a row; 0 if something else is to come first.
     *
     * @param position what is taken in spite of it
     */
    int failed(Exception failure, long position) {
        long at = failure instanceof HandlerException handler ? handler.event().position() : 0;
        if (at != failedAt) {
            failedAt = at;
            failures = 0;
        }
        int before = (int)
                after(position).stream().filter(event -> event.position() < at).count();
        if (before > 0) {
            partMax = before;
            return 0;
        }
        partMax = 1;
        failures++;
        return failures;
    }

    private List<RecordedEvent> after(long position) {
        if (batch.events().isEmpty() || batch.events().getFirst().position() > position) {
            return batch.events();
        }
        return batch.events().stream()
                .filter(event -> event.position() > position)
                .toList();
    }
}
