// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import leftfold.store.Batch;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.Subscription;

/** A subscription whose every batch is checked against what all batches promise. Confined to one thread. */
final class CheckedSubscription implements AutoCloseable {
    /** So long that only a store that lost an event reaches its end. */
    static final Duration LONG = Duration.ofSeconds(30);

    private final Subscription subscription;
    private final Query query;
    private long position;

    CheckedSubscription(EventStore store, Query query, long after) {
        this.subscription = store.subscribe(query, after);
        this.query = query;
        this.position = after;
    }

    /** Returns the next batch. */
    Batch next(int eventsMax, Duration wait) throws InterruptedException {
        Batch batch = subscription.next(eventsMax, wait);
        assertThat(batch.events()).hasSizeLessThanOrEqualTo(eventsMax).allMatch(query::matches);
        long last = position;
        for (RecordedEvent event : batch.events()) {
            assertThat(event.position()).isGreaterThan(last);
            last = event.position();
        }
        assertThat(batch.position()).isGreaterThanOrEqualTo(last);
        assertThat(batch.caughtUp()).isEqualTo(batch.position() >= batch.head());
        position = batch.position();
        return batch;
    }

    /** Returns the next {@code count} events, taken {@code eventsMax} at a time; fails if they do not come. */
    List<RecordedEvent> take(int count, int eventsMax) throws InterruptedException {
        List<RecordedEvent> events = new ArrayList<>();
        while (events.size() < count) {
            Batch batch = next(Math.min(eventsMax, count - events.size()), LONG);
            assertThat(batch.events())
                    .as("event %d of %d", events.size() + 1, count)
                    .isNotEmpty();
            events.addAll(batch.events());
        }
        return events;
    }

    @Override
    public void close() {
        subscription.close();
    }
}
