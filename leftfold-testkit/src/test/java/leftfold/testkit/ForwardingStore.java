// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.Subscription;

/** A store that does what another does, for subclasses that do one thing wrong. */
class ForwardingStore implements EventStore {
    final EventStore right;

    ForwardingStore(EventStore right) {
        this.right = right;
    }

    @Override
    public UUID id() {
        return right.id();
    }

    @Override
    public AppendResult append(Append append) {
        return right.append(append);
    }

    @Override
    public Stream<RecordedEvent> read(Query query, long from, Direction direction, long limit) {
        return right.read(query, from, direction, limit);
    }

    @Override
    public Stream<RecordedEvent> readStream(StreamId stream, long from, Direction direction, long limit) {
        return right.readStream(stream, from, direction, limit);
    }

    @Override
    public Optional<RecordedEvent> find(StreamId stream, UUID id) {
        return right.find(stream, id);
    }

    @Override
    public Subscription subscribe(Query query, long after) {
        return right.subscribe(query, after);
    }

    @Override
    public long streamVersion(StreamId stream) {
        return right.streamVersion(stream);
    }

    @Override
    public long head() {
        return right.head();
    }

    @Override
    public long positionAt(Instant instant) {
        return right.positionAt(instant);
    }

    @Override
    public Stream<StreamVersion> streams() {
        return right.streams();
    }

    @Override
    public void close() {
        right.close();
    }
}
