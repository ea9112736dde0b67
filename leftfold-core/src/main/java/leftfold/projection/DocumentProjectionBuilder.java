// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
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

    /** The most threads that fold one projection's documents. */
    public static final int THREADS_MAX = 64;

    private final ProjectionBuilder<E, Documents<D>> builder;

    DocumentProjectionBuilder(ProjectionBuilder<E, Documents<D>> builder) {
        this.builder = builder;
    }

    /** Adds what events of {@code type} make of the one document that they belong to. */
    public <T extends E> DocumentProjectionBuilder<E, D> on(
            Class<T> type, Function<TypedEvent<T>, String> key, Evolve<D, T> evolve) {
        return onEach(type, event -> Collections.singletonList(key.apply(event)), evolve);
    }

    /**
     * Adds what events of {@code type} make of each of the documents that they belong to, be it none or many; {@link
     * Keys} has the usual ones.
     */
    public <T extends E> DocumentProjectionBuilder<E, D> onEach(
            Class<T> type, Function<TypedEvent<T>, ? extends Collection<String>> keys, Evolve<D, T> evolve) {
        builder.on(
                "fold",
                type,
                event -> effect(
                        event,
                        keys.apply(event),
                        (documents, key) -> put(documents, key, evolve.evolve(documents.get(key), event))));
        return this;
    }

    /** Adds that events of {@code type} leave nothing at their key. */
    public <T extends E> DocumentProjectionBuilder<E, D> onDelete(Class<T> type, Function<TypedEvent<T>, String> key) {
        builder.on(
                "delete",
                type,
                event -> effect(
                        event, Collections.singletonList(key.apply(event)), (documents, at) -> documents.remove(at)));
        return this;
    }

    /**
     * Adds that events of {@code type} move the document from one key to another, in place of what is there, and what
     * they make of it: {@code evolve} gets what was at {@code from}.
     */
    public <T extends E> DocumentProjectionBuilder<E, D> onRename(
            Class<T> type,
            Function<TypedEvent<T>, String> from,
            Function<TypedEvent<T>, String> to,
            Evolve<D, T> evolve) {
        builder.on("rename", type, event -> {
            String before = checked(event, from.apply(event));
            String after = checked(event, to.apply(event));
            return new DocumentEffect<>(List.of(before, after), documents -> {
                D document = documents.get(before);
                documents.remove(before);
                put(documents, after, evolve.evolve(document, event));
            });
        });
        return this;
    }

    private static <D> void put(Documents<D> documents, String key, @Nullable D document) {
        if (document == null) {
            documents.remove(key);
        } else {
            documents.put(key, document);
        }
    }

    private static <D, T> Effect<Documents<D>> effect(
            TypedEvent<T> event, @Nullable Collection<String> keys, BiConsumer<Documents<D>, String> change) {
        if (keys == null) {
            throw new IllegalArgumentException(
                    "the keys of a " + event.recorded().type()
                            + " event are null; return an empty collection for an event that belongs to no document");
        }
        keys.forEach(key -> checked(event, key));
        return new DocumentEffect<>(keys, documents -> keys.forEach(key -> change.accept(documents, key)));
    }

    private static String checked(TypedEvent<?> event, @Nullable String key) {
        if (key == null) {
            throw new IllegalArgumentException(
                    "the key of a " + event.recorded().type()
                            + " event is null; use onEach with no keys for an event that belongs to no document");
        }
        return key;
    }

    private record DocumentEffect<D>(Collection<String> keys, Consumer<Documents<D>> change)
            implements Effect<Documents<D>> {
        @Override
        public void apply(Documents<D> model) {
            change.accept(model);
        }
    }

    /** Says which events to look at, such as those with a tag; else it is all those that have a handler. */
    public DocumentProjectionBuilder<E, D> where(Query events) {
        builder.where(events);
        return this;
    }

    /** Says that it is only given events that the projection {@code input} has finished; see {@link
     * ProjectionBuilder#after}. */
    public DocumentProjectionBuilder<E, D> after(String input) {
        builder.after(input);
        return this;
    }

    /** Says what happens about an event that a handler fails at; else it is {@link FailurePolicy#STOP}. */
    public DocumentProjectionBuilder<E, D> onFailure(FailurePolicy policy) {
        builder.onFailure(policy);
        return this;
    }

    /**
     * Says that up to {@code threads} threads fold the documents; else it is one. Where a batch goes into a database,
     * its events are divided by key: those of one key stay in order, with one thread, and those that an event ties
     * together, such as the two keys of a rename, go with each other. What comes out is what one thread would make, in
     * one transaction with the checkpoint. It pays where reading events, handlers or writing documents as text cost
     * more than the database does, and batches have many keys. Live, inline and in memory one thread folds all the
     * same.
     *
     * <p>Keys and handlers must be pure functions, and they and both codecs are called by several threads at once.
     *
     * @throws IllegalArgumentException if {@code threads} is below 1 or above {@value #THREADS_MAX}
     */
    public DocumentProjectionBuilder<E, D> parallel(int threads) {
        if (threads < 1 || threads > THREADS_MAX) {
            throw new IllegalArgumentException(
                    "documents are folded by 1 to " + THREADS_MAX + " threads, not " + threads);
        }
        builder.threads(threads);
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
