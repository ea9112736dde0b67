// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;

/**
 * A fold that is computed when asked for, at any point of the log, and kept nowhere. Safe for use by many threads.
 *
 * @param <S> what comes out
 */
public final class Live<S> {
    private final EventStore store;
    private final Query query;
    private final Supplier<S> initialState;
    private final BiFunction<S, RecordedEvent, S> evolve;

    private Live(EventStore store, Query query, Supplier<S> initialState, BiFunction<S, RecordedEvent, S> evolve) {
        this.store = store;
        this.query = query;
        this.initialState = initialState;
        this.evolve = evolve;
    }

    /** Returns the fold of the events that match {@code query}. */
    public static <S> Live<S> of(
            EventStore store, Query query, S initialState, BiFunction<S, RecordedEvent, S> evolve) {
        return new Live<>(store, query, () -> initialState, evolve);
    }

    /** Returns {@code projection} as a fold: the same declaration that elsewhere fills a database. */
    public static <D> Live<MemoryDocuments<D>> of(EventStore store, Projection<Documents<D>> projection) {
        return new Live<>(store, projection.query(), MemoryDocuments::new, (documents, event) -> {
            apply(projection, event, documents);
            return documents;
        });
    }

    /** Returns the fold of everything recorded so far. */
    public S now() {
        return at(Long.MAX_VALUE);
    }

    /** Returns the fold of everything recorded at or before {@code instant}: what could be known then. */
    public S asOf(Instant instant) {
        return at(store.positionAt(instant));
    }

    /**
     * Returns the fold of everything up to and including {@code position}.
     *
     * @throws ProjectionException if a handler fails
     */
    public S at(long position) {
        S state = initialState.get();
        try (Stream<RecordedEvent> events = store.read(query, 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            var iterator =
                    events.takeWhile(event -> event.position() <= position).iterator();
            while (iterator.hasNext()) {
                state = evolve.apply(state, iterator.next());
            }
        }
        return state;
    }

    private static <D> void apply(Projection<Documents<D>> projection, RecordedEvent event, Documents<D> documents) {
        try {
            projection.apply(event, documents);
        } catch (Exception e) {
            throw new ProjectionException(projection.id(), event, e);
        }
    }
}
