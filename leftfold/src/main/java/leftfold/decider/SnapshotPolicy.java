// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.stream.Stream;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;

/**
 * When snapshots are taken, and which are fit for use. Safe for use by many threads. Nothing that goes wrong with a
 * snapshot reaches the caller.
 *
 * @param everyEvents a stream gets a new snapshot when it has grown by this many events since the last, from 1
 */
record SnapshotPolicy<S>(Snapshots snapshots, StateCodec<S> codec, int everyEvents) {
    private static final Logger LOG = System.getLogger(SnapshotPolicy.class.getName());

    SnapshotPolicy {
        if (everyEvents < 1) {
            throw new IllegalArgumentException("a snapshot is taken every 1 event or more, not " + everyEvents);
        }
    }

    /** Returns the state in the stream's snapshot, if that is current, readable and not ahead of {@code store}. */
    Optional<StreamState<S>> load(EventStore store, StreamId stream) {
        Optional<Snapshot> snapshot;
        S state;
        try {
            snapshot = snapshots.load(stream).filter(found -> found.stateVersion() == codec.stateVersion());
            if (snapshot.isEmpty()) {
                return Optional.empty();
            }
            state = codec.decode(snapshot.get().data());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "snapshot not usable, folding all events; stream=" + stream, e);
            return Optional.empty();
        }
        long version = snapshot.get().version();
        try (Stream<RecordedEvent> last = store.readStream(stream, version, Direction.FORWARDS, 1)) {
            return last.findFirst().map(event -> new StreamState<>(state, version, event.position()));
        }
    }

    /** Saves {@code state} if the stream has grown enough since {@code savedVersion}. */
    void saveIfDue(StreamId stream, long savedVersion, StreamState<S> state) {
        if (state.version() - savedVersion < everyEvents) {
            return;
        }
        try {
            snapshots.save(new Snapshot(stream, state.version(), codec.stateVersion(), codec.encode(state.state())));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "snapshot not saved; stream=" + stream, e);
        }
    }
}
