// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import leftfold.store.Query;
import leftfold.subscription.TypedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a projection makes of its documents by event type: each event belongs to a key, and the document at a
 * key is the fold of its events. Confined to one thread.
 *
 * @param <E> the program's events
 * @param <D> a document, immutable
 */
public final class DocumentProjectionBuilder<E, D> {
    /**
     * What an event makes of a document. For implementers: a pure function.
     *
     * @param <D> a document
     * @param <E> the events that it handles
     */
    @FunctionalInterface
    public interface Evolve<D, E> {
        /**
         * Returns the document after {@code event}; null if there is none any more.
         *
         * @param document the document before; null if there is none yet
         */
        @Nullable D evolve(@Nullable D document, TypedEvent<E> event);
    }

    private final ProjectionBuilder<E, Documents<D>> builder;

    DocumentProjectionBuilder(ProjectionBuilder<E, Documents<D>> builder) {
        this.builder = builder;
    }

    /** Adds what events of {@code type} make of the one document that they belong to. */
    public <T extends E> DocumentProjectionBuilder<E, D> on(
            Class<T> type, Function<TypedEvent<T>, String> key, Evolve<D, T> evolve) {
        return onEach(type, event -> List.of(key.apply(event)), evolve);
    }

    /** Adds what events of {@code type} make of each of the documents that they belong to, be it none or many. */
    public <T extends E> DocumentProjectionBuilder<E, D> onEach(
            Class<T> type, Function<TypedEvent<T>, ? extends Collection<String>> keys, Evolve<D, T> evolve) {
        builder.on(type, (Documents<D> documents, TypedEvent<T> event) -> {
            for (String key : keys.apply(event)) {
                D document = evolve.evolve(documents.get(key), event);
                if (document == null) {
                    documents.remove(key);
                } else {
                    documents.put(key, document);
                }
            }
        });
        return this;
    }

    /** Says which events to look at, such as those with a tag; else it is all those that have a handler. */
    public DocumentProjectionBuilder<E, D> where(Query events) {
        builder.where(events);
        return this;
    }

    /**
     * Returns the projection.
     *
     * @throws IllegalStateException if there is no handler
     */
    public Projection<Documents<D>> build() {
        return builder.build();
    }
}
