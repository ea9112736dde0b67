// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import leftfold.store.Batch;
import leftfold.store.EventStore;
import leftfold.store.RecordedEvent;
import leftfold.subscription.Follower;
import leftfold.subscription.FollowerSettings;
import leftfold.subscription.HandlerException;
import leftfold.subscription.Sink;
import org.jspecify.annotations.Nullable;

/**
 * A projection's documents in this process's memory, kept up to date: by a follower with {@link #follow}, or inline by
 * an {@link InlineStore}. Begins empty. Readers never see half of an event. Safe for use by many threads.
 *
 * @param <D> a document, immutable
 */
public final class MemoryReadModel<D> {
    private static final int BATCH_EVENTS_MAX = 1_024; // stays in a processor's cache, and there is no commit to share

    private final Projection<Documents<D>> projection;
    private final ReversibleDocuments<D> documents = new ReversibleDocuments<>();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final List<HandlerException> parked = new ArrayList<>();
    private long position;
    private @Nullable HandlerException failure;

    private MemoryReadModel(Projection<Documents<D>> projection) {
        this.projection = projection;
    }

    /** Returns the empty read model of {@code projection}. */
    public static <D> MemoryReadModel<D> of(Projection<Documents<D>> projection) {
        return new MemoryReadModel<>(projection);
    }

    /** Returns a follower, already started, that folds what {@code store} has and gets; for one follower at a time. */
    public Follower follow(EventStore store) {
        return follow(store, FollowerSettings.standard().withBatchEventsMax(BATCH_EVENTS_MAX));
    }

    /** As {@link #follow(EventStore)}, with settings. */
    public Follower follow(EventStore store, FollowerSettings settings) {
        return Follower.start(projection.id().toString(), store, projection.query(), new MemorySink(), settings);
    }

    /** Returns which projection it is. */
    public ProjectionId id() {
        return projection.id();
    }

    /** Returns the document at {@code key}, if there is one. */
    public Optional<D> get(String key) {
        return read(all -> Optional.ofNullable(all.get(key)));
    }

    /** Returns a copy of all documents, in the order of their keys. */
    public SortedMap<String, D> all() {
        return read(TreeMap::new);
    }

    /** Returns what {@code query} makes of all documents, in no order, at one position; writers wait for it. */
    public <R> R read(Function<Map<String, D>, R> query) {
        lock.readLock().lock();
        try {
            return query.apply(documents.view());
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Returns the position up to which events are folded. */
    public long position() {
        lock.readLock().lock();
        try {
            return position;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Returns why it stopped, if an event failed inline; a follower's status says the same of a follower. */
    public Optional<HandlerException> failure() {
        lock.readLock().lock();
        try {
            return Optional.ofNullable(failure);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Returns the events that were put aside, in the order in which they failed. */
    public List<HandlerException> parked() {
        lock.readLock().lock();
        try {
            return List.copyOf(parked);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Returns which events it wants, and whether it still takes any. */
    boolean wants(RecordedEvent event) {
        return failure == null
                && event.position() > position
                && projection.query().matches(event);
    }

    /** Folds one event, or stops for good before it; nobody else writes. */
    void takeInline(RecordedEvent event) {
        lock.writeLock().lock();
        try {
            fold(event);
        } catch (HandlerException e) {
            if (projection.failurePolicy() == FailurePolicy.PARK) {
                parked.add(e);
                position = event.position();
            } else {
                failure = e;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Notes that everything up to {@code end} is folded, if that is so. */
    void finished(long end) {
        lock.writeLock().lock();
        try {
            if (failure == null && end > position) {
                position = end;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void fold(RecordedEvent event) throws HandlerException {
        boolean done = false;
        try {
            projection.apply(event, documents);
            done = true;
        } catch (Exception e) {
            throw new HandlerException(event, e);
        } finally {
            if (done) {
                documents.settle();
            } else {
                documents.takeBack();
            }
        }
        position = event.position();
    }

    /** How a follower gets at it. */
    private final class MemorySink implements Sink {
        @Override
        public long checkpoint() {
            return position();
        }

        @Override
        public void take(Batch batch) throws HandlerException {
            lock.writeLock().lock();
            try {
                for (RecordedEvent event : batch.events()) {
                    fold(event);
                }
                position = batch.position();
            } finally {
                lock.writeLock().unlock();
            }
        }

        @Override
        public boolean park(HandlerException event) {
            if (projection.failurePolicy() == FailurePolicy.STOP) {
                return false;
            }
            lock.writeLock().lock();
            try {
                parked.add(event);
                position = event.event().position();
                return true;
            } finally {
                lock.writeLock().unlock();
            }
        }
    }
}
