// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import leftfold.schema.EventCodec;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.jspecify.annotations.Nullable;

/**
 * Reads streams and folds them. Safe for use by many threads.
 *
 * @param snapshots where a fold may begin, or null if always at the first event
 */
record StateReader<E, S>(
        EventStore store,
        Decider<?, E, S> decider,
        EventCodec<E> codec,
        @Nullable SnapshotPolicy<S> snapshots) {
    /** Returns where the fold of the stream's present state begins: at a snapshot, or before the first event. */
    StreamState<S> start(StreamId stream) {
        StreamState<S> saved = snapshots == null ? null : snapshots.load(store, stream);
        return saved == null ? initial() : saved;
    }

    /** Returns the stream's events after {@code version}. */
    Stream<RecordedEvent> readAfter(StreamId stream, long version) {
        return store.readStream(stream, version + 1, Direction.FORWARDS, Long.MAX_VALUE);
    }

    /** Returns {@code from} with {@code events} folded into it; closes them. */
    StreamState<S> fold(StreamState<S> from, Stream<RecordedEvent> events) {
        StreamState<S> state = from;
        try (events) {
            for (Iterator<RecordedEvent> rest = events.iterator(); rest.hasNext(); ) {
                RecordedEvent recorded = rest.next();
                S next = decider.evolve(state.state(), codec.decode(recorded));
                state = new StreamState<>(next, recorded.version(), recorded.position());
            }
        }
        return state;
    }

    /** Returns {@code from} with events folded into it that are not stored yet. */
    S foldDecided(S from, List<E> events) {
        S state = from;
        for (E event : events) {
            state = decider.evolve(state, event);
        }
        return state;
    }

    /** Returns the state after the stream's event at {@code version}. */
    StreamState<S> stateAt(StreamId stream, long version) {
        if (version < 0) {
            throw new IllegalArgumentException("a stream's version is 0 or more, not " + version);
        }
        StreamState<S> state = fold(initial(), store.readStream(stream, 1, Direction.FORWARDS, version));
        if (state.version() < version) {
            throw new IllegalArgumentException(
                    "stream " + stream + " is at version " + state.version() + ", not yet at " + version);
        }
        return state;
    }

    /** Returns the state after all of the stream's events recorded at {@code instant} or before. */
    StreamState<S> stateAsOf(StreamId stream, Instant instant) {
        Stream<RecordedEvent> events = readAfter(stream, 0);
        return fold(initial(), events.takeWhile(event -> !event.recordedAt().isAfter(instant)));
    }

    private StreamState<S> initial() {
        return new StreamState<>(decider.initialState(), 0, 0);
    }
}
