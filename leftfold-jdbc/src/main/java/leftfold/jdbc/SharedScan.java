// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import leftfold.store.Batch;
import leftfold.store.EventStore;
import leftfold.store.ForwardingStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * A store whose subscriptions read it once for all of them while they catch up: whoever comes first to the end of what
 * was read reads the next page, and the others find it there. Who falls too far behind, begins elsewhere or has reached
 * the end of the log goes on alone, so nobody holds another up for long. Safe for use by many threads.
 */
final class SharedScan extends ForwardingStore {
    private static final int PAGE_EVENTS = 16_384;
    private static final int PAGES_MAX = 4;
    private static final Duration SLOWEST_WAIT = Duration.ofMillis(50);

    /** Events that were read together, those after {@code after}. */
    private record Page(long after, Batch batch) {
        boolean goesOnAfter(long position) {
            return after <= position && position < batch.position();
        }
    }

    private final Query all;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Deque<Page> pages = new ArrayDeque<>();
    private final Set<Part> parts = new LinkedHashSet<>();
    private @Nullable Subscription source;
    private long end;

    /** Creates the scan of {@code store} for subscriptions with these queries. */
    SharedScan(EventStore store, Collection<Query> queries) {
        super(store);
        this.all = new Query(queries.stream()
                .flatMap(query -> query.items().stream())
                .distinct()
                .toList());
    }

    @Override
    public Subscription subscribe(Query query, long after) {
        Part part = new Part(query, after);
        lock.lock();
        try {
            parts.add(part);
        } finally {
            lock.unlock();
        }
        return part;
    }

    @Override
    public void close() {} // the other store is its owner's

    /** Returns the page that goes on after a position; null if there is none for whoever is there. */
    private @Nullable Page page(long position) throws InterruptedException {
        while (true) {
            for (Page page : pages) {
                if (page.goesOnAfter(position)) {
                    return page;
                }
            }
            Subscription open = source;
            if (open == null) {
                open = store.subscribe(all, position);
                source = open;
                end = position;
            }
            if (position != end) {
                return null;
            }
            if (waitForSlowest(position)) {
                continue; // while we waited another one may have read on
            }
            Batch batch = open.next(PAGE_EVENTS, Duration.ZERO);
            if (batch.position() <= end) {
                return null;
            }
            pages.add(new Page(end, batch));
            end = batch.position();
        }
    }

    /** Makes room for a page, and returns whether it had to wait for that. */
    private boolean waitForSlowest(long position) throws InterruptedException {
        if (pages.size() < PAGES_MAX) {
            return false;
        }
        Page oldest = pages.getFirst();
        long left = SLOWEST_WAIT.toNanos();
        boolean waited = false;
        while (left > 0 && isNeeded(oldest) && position == end) {
            left = moved.awaitNanos(left);
            waited = true;
        }
        if (oldest.equals(pages.peekFirst())) {
            pages.removeFirst();
        }
        return waited;
    }

    private boolean isNeeded(Page page) {
        return parts.stream().anyMatch(part -> page.goesOnAfter(part.position));
    }

    private void leave(Part part) {
        lock.lock();
        try {
            parts.remove(part);
            moved.signalAll();
            Subscription open = source;
            if (parts.isEmpty() && open != null) {
                open.close();
                source = null;
                pages.clear();
            }
        } finally {
            lock.unlock();
        }
    }

    /** One of the subscriptions. Its position is guarded by the lock. */
    private final class Part implements Subscription {
        private final Query query;
        private long position;
        private volatile @Nullable Subscription alone;
        private volatile boolean closed;

        Part(Query query, long position) {
            this.query = query;
            this.position = position;
        }

        @Override
        public Batch next(int eventsMax, Duration wait) throws InterruptedException {
            if (closed) {
                throw new IllegalStateException("the subscription is closed");
            }
            Subscription own = alone;
            if (own == null) {
                Batch shared = shared(eventsMax);
                if (shared != null) {
                    return shared;
                }
                leave(this);
                own = store.subscribe(query, position);
                alone = own;
                if (closed) {
                    own.close();
                }
            }
            return own.next(eventsMax, wait);
        }

        @Override
        public void close() {
            closed = true;
            leave(this);
            Subscription own = alone;
            if (own != null) {
                own.close();
            }
        }

        private @Nullable Batch shared(int eventsMax) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                Page page = page(position);
                if (page == null) {
                    return null;
                }
                Batch batch = part(page.batch(), eventsMax);
                position = batch.position();
                moved.signalAll();
                return batch;
            } finally {
                lock.unlock();
            }
        }

        private Batch part(Batch page, int eventsMax) {
            List<RecordedEvent> events = new ArrayList<>();
            for (RecordedEvent event : page.events()) {
                if (event.position() > position && query.matches(event)) {
                    if (events.size() == eventsMax) {
                        return new Batch(events, events.getLast().position(), page.head());
                    }
                    events.add(event);
                }
            }
            return new Batch(events, page.position(), page.head());
        }
    }
}
