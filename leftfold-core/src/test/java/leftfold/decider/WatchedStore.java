// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.memory.MemoryEventStore;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.Subscription;

/** A store that lets a test step in before and after each append, and notes what was read. Confined to one thread. */
final class WatchedStore implements EventStore {
    final List<Long> readsFrom = new ArrayList<>();
    int appends;
    Runnable beforeAppend = () -> {};
    Runnable afterAppend = () -> {};
    private final EventStore store = new MemoryEventStore();

    @Override
    public AppendResult append(Append append) {
        appends++;
        beforeAppend.run();
        AppendResult result = store.append(append);
        afterAppend.run();
        return result;
    }

    @Override
    public Stream<RecordedEvent> readStream(StreamId stream, long from, Direction direction, long limit) {
        readsFrom.add(from);
        return store.readStream(stream, from, direction, limit);
    }

    @Override
    public UUID id() {
        return store.id();
    }

    @Override
    public Stream<RecordedEvent> read(Query query, long from, Direction direction, long limit) {
        return store.read(query, from, direction, limit);
    }

    @Override
    public Optional<RecordedEvent> find(StreamId stream, UUID eventId) {
        return store.find(stream, eventId);
    }

    @Override
    public Subscription subscribe(Query query, long after) {
        return store.subscribe(query, after);
    }

    @Override
    public long streamVersion(StreamId stream) {
        return store.streamVersion(stream);
    }

    @Override
    public long head() {
        return store.head();
    }

    @Override
    public long positionAt(Instant instant) {
        return store.positionAt(instant);
    }

    @Override
    public Stream<StreamVersion> streams() {
        return store.streams();
    }

    @Override
    public void close() {
        store.close();
    }
}
