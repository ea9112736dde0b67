// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.stream.Stream;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.jspecify.annotations.Nullable;

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

    /** Returns the state in the stream's snapshot; null if that is missing, outdated, corrupt or ahead of it. */
    @Nullable StreamState<S> load(EventStore store, StreamId stream) {
        long version;
        S state;
        try {
            Snapshot snapshot = snapshots.load(stream).orElse(null);
            if (snapshot == null || snapshot.stateVersion() != codec.stateVersion()) {
                return null;
            }
            version = snapshot.version();
            state = codec.decode(snapshot.data());
        } catch (RuntimeException e) {
            warn("snapshot not usable, folding all events", stream, e);
            return null;
        }
        try (Stream<RecordedEvent> last = store.readStream(stream, version, Direction.FORWARDS, 1)) {
            return last.findFirst()
                    .map(event -> new StreamState<>(state, version, event.position()))
                    .orElse(null);
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
            warn("snapshot not saved", stream, e);
        }
    }

    /** Logs without the exception's message: it may quote the state. */
    private static void warn(String what, StreamId stream, RuntimeException cause) {
        LOG.log(
                Level.WARNING,
                what + "; stream=" + stream + " cause=" + cause.getClass().getName());
    }
}
