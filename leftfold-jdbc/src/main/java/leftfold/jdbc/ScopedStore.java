// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.util.stream.Stream;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.ForwardingStore;
import leftfold.store.HeadSignal;
import leftfold.store.Query;
import leftfold.store.ReadingSubscription;
import leftfold.store.RecordedEvent;
import leftfold.store.Subscription;

/** A log as it was at a position, and of it only what a query matches. Safe for use by many threads. */
final class ScopedStore extends ForwardingStore {
    private final Query scope;
    private final HeadSignal end;

    ScopedStore(EventStore store, Query scope, long until) {
        super(store);
        this.scope = scope;
        this.end = new HeadSignal(Math.min(until, store.head()));
    }

    @Override
    public Stream<RecordedEvent> read(Query query, long from, Direction direction, long limit) {
        return store.read(query, from, direction, Long.MAX_VALUE)
                .takeWhile(event -> direction == Direction.BACKWARDS || event.position() <= end.head())
                .filter(event -> event.position() <= end.head() && scope.matches(event))
                .limit(limit);
    }

    @Override
    public Subscription subscribe(Query query, long after) {
        return new ReadingSubscription(this, end, query, after);
    }

    @Override
    public long head() {
        return end.head();
    }

    @Override
    public void close() {} // the other store is its owner's
}
