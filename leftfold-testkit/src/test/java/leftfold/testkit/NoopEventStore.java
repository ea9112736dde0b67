// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.Batch;
import leftfold.store.Direction;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.RestorableStore;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.Subscription;

/** A store that accepts everything, keeps nothing, and answers as if all were well. */
final class NoopEventStore implements RestorableStore {
    @Override
    public UUID id() {
        return new UUID(1, 1);
    }

    @Override
    public AppendResult append(Append append) {
        List<StreamVersion> versions = append.writes().stream()
                .map(write -> new StreamVersion(write.stream(), write.events().size()))
                .toList();
        return new AppendResult(append.size(), versions, false);
    }

    @Override
    public void restore(List<RecordedEvent> events) {}

    @Override
    public Stream<RecordedEvent> read(Query query, long from, Direction direction, long limit) {
        return Stream.empty();
    }

    @Override
    public Stream<RecordedEvent> readStream(StreamId stream, long from, Direction direction, long limit) {
        return Stream.empty();
    }

    @Override
    public Optional<RecordedEvent> find(StreamId stream, UUID id) {
        return Optional.empty();
    }

    @Override
    public Subscription subscribe(Query query, long after) {
        return new Subscription() {
            @Override
            public Batch next(int eventsMax, Duration wait) {
                return new Batch(List.of(), after, after);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public long streamVersion(StreamId stream) {
        return 0;
    }

    @Override
    public long head() {
        return 0;
    }

    @Override
    public long positionAt(Instant instant) {
        return 0;
    }

    @Override
    public Stream<StreamVersion> streams() {
        return Stream.empty();
    }

    @Override
    public void close() {}
}
