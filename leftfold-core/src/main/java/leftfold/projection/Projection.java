// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.util.Set;
import leftfold.schema.EventCodec;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;

/**
 * Events folded into a read model: what is declared once, and then runs live, asynchronously or inline. Whatever runs
 * it calls {@link #apply} once for each event that matches the query, in log order. For callers; made by
 * {@link #declare} or {@link #documents}:
 *
 * <pre>{@code
 * Projection<Documents<Reader>> readers = Projection.<NewsEvent, Reader>documents("readers", 1, codec)
 *         .on(TopicSubscribed.class, e -> e.event().reader(), (reader, e) -> Reader.orNew(reader).with(e.event()))
 *         .build();
 * }</pre>
 *
 * @param <M> what the handlers write to, such as {@link Documents}
 */
public interface Projection<M> {
    /** Returns a new declaration, without handlers yet, over events that {@code codec} reads. */
    static <E, M> ProjectionBuilder<E, M> declare(String name, int projectionVersion, EventCodec<E> codec) {
        return new ProjectionBuilder<>(new ProjectionId(name, projectionVersion), codec);
    }

    /** Returns a new declaration of documents by key, without handlers yet, over events that {@code codec} reads. */
    static <E, D> DocumentProjectionBuilder<E, D> documents(String name, int projectionVersion, EventCodec<E> codec) {
        return new DocumentProjectionBuilder<>(declare(name, projectionVersion, codec));
    }

    /** Returns which projection this is. */
    ProjectionId id();

    /** Returns which events it wants to see. */
    Query query();

    /** Returns the names of the projections whose read models its handlers look into. */
    Set<String> inputs();

    /** Returns what happens about an event that a handler fails at. */
    FailurePolicy failurePolicy();

    /**
     * Returns how many threads may fold its documents side by side, each those of other keys. Where it is more than 1,
     * an effect names all documents that it looks at.
     */
    default int threads() {
        return 1;
    }

    /**
     * Returns a text that is another one when the declaration is: handled types, query, inputs. It does not see into
     * the handlers' code.
     */
    String fingerprint();

    /**
     * Returns what {@code event} does; nothing where no handler wants it.
     *
     * @throws RuntimeException if the event cannot be read, or a handler cannot tell whose it is
     */
    Effect<M> effect(RecordedEvent event);

    /**
     * Writes to {@code model} what {@code event} changes; nothing where no handler wants it.
     *
     * @throws Exception of the handler; what it wrote before must be taken back
     */
    default void apply(RecordedEvent event, M model) throws Exception {
        effect(event).apply(model);
    }
}
