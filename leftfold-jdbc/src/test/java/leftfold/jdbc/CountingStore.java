// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import leftfold.store.Batch;
import leftfold.store.EventStore;
import leftfold.store.ForwardingStore;
import leftfold.store.Query;
import leftfold.store.Subscription;

/** A store that counts the events that subscriptions get from it. */
final class CountingStore extends ForwardingStore {
    private final AtomicLong subscribed = new AtomicLong();

    CountingStore(EventStore store) {
        super(store);
    }

    long subscribed() {
        return subscribed.get();
    }

    @Override
    public Subscription subscribe(Query query, long after) {
        Subscription real = super.subscribe(query, after);
        return new Subscription() {
            @Override
            public Batch next(int eventsMax, Duration wait) throws InterruptedException {
                Batch batch = real.next(eventsMax, wait);
                subscribed.addAndGet(batch.events().size());
                return batch;
            }

            @Override
            public void close() {
                real.close();
            }
        };
    }

    @Override
    public void close() {} // the other store is its owner's
}
