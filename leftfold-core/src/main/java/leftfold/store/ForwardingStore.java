// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A store that does what another does, for subclasses that do one thing differently. Safe for use by many threads if
 * the other store and the subclass are. Not restorable, even if the other store is, see {@link RestorableStore}.
 */
public class ForwardingStore implements EventStore {
    /** The other store. */
    protected final EventStore store;

    /** Creates a store that does what {@code store} does. Closing it closes {@code store}. */
    public ForwardingStore(EventStore store) {
        this.store = store;
    }

    @Override
    public UUID id() {
        return store.id();
    }

    @Override
    public AppendResult append(Append append) {
        return store.append(append);
    }

    @Override
    public Stream<RecordedEvent> read(Query query, long from, Direction direction, long limit) {
        return store.read(query, from, direction, limit);
    }

    @Override
    public Stream<RecordedEvent> readStream(StreamId stream, long from, Direction direction, long limit) {
        return store.readStream(stream, from, direction, limit);
    }

    @Override
    public Optional<RecordedEvent> find(StreamId stream, UUID id) {
        return store.find(stream, id);
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
