// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import leftfold.schema.EventCodec;
import leftfold.schema.EventType;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.subscription.TypedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Collects a projection's handlers by event type. Confined to one thread.
 *
 * @param <E> the program's events
 * @param <M> what the handlers write to
 */
public final class ProjectionBuilder<E, M> {
    private final ProjectionId id;
    private final EventCodec<E> codec;
    private final List<Handling<E, M, ?>> handlings = new ArrayList<>();
    private @Nullable Query query;

    ProjectionBuilder(ProjectionId id, EventCodec<E> codec) {
        this.id = id;
        this.codec = codec;
    }

    /**
     * Adds what happens at events of {@code type} or its subtypes; where several handlers fit, the first one is called.
     */
    public <T extends E> ProjectionBuilder<E, M> on(Class<T> type, ProjectionHandler<M, ? super T> handler) {
        handlings.add(new Handling<>(type, handler));
        return this;
    }

    /** Says which events to look at, such as those with a tag; else it is all those that have a handler. */
    public ProjectionBuilder<E, M> where(Query events) {
        query = events;
        return this;
    }

    /**
     * Returns the projection.
     *
     * @throws IllegalStateException if there is no handler
     */
    public Projection<M> build() {
        if (handlings.isEmpty()) {
            throw new IllegalStateException("projection " + id + " has no handlers; add some with on(...)");
        }
        Query events = query == null ? handledTypes() : query;
        return new Handled<>(id, events, codec, List.copyOf(handlings));
    }

    /** Without the names of all handled types the query has all types of the codec: more to read, the same result. */
    private Query handledTypes() {
        Set<String> types = new LinkedHashSet<>();
        for (Handling<E, M, ?> handling : handlings) {
            if (!addNames(handling.type(), types)) {
                return Query.of(new Query.Item(null, null, codec.types(), Set.of()));
            }
        }
        return Query.of(new Query.Item(null, null, types, Set.of()));
    }

    private static boolean addNames(Class<?> type, Set<String> names) {
        EventType name = type.getAnnotation(EventType.class);
        if (name != null) {
            names.add(name.value());
            return true;
        }
        Class<?> @Nullable [] subtypes = type.getPermittedSubclasses();
        if (subtypes == null) {
            return false;
        }
        boolean all = true;
        for (Class<?> subtype : subtypes) {
            all &= addNames(subtype, names);
        }
        return all;
    }

    /** A handler and the events that it is for. */
    private record Handling<E, M, T extends E>(Class<T> type, ProjectionHandler<M, ? super T> handler) {
        /** Returns whether the event was for this handler. */
        boolean tryApply(M model, TypedEvent<E> event) throws Exception {
            if (!type.isInstance(event.event())) {
                return false;
            }
            handler.apply(model, new TypedEvent<>(type.cast(event.event()), event.recorded()));
            return true;
        }
    }

    /** A projection made of handlers. Immutable. */
    private record Handled<E, M>(ProjectionId id, Query query, EventCodec<E> codec, List<Handling<E, M, ?>> handlings)
            implements Projection<M> {
        @Override
        public void apply(RecordedEvent event, M model) throws Exception {
            if (!codec.types().contains(event.type())) {
                return;
            }
            TypedEvent<E> typed = TypedEvent.decode(codec, event);
            for (Handling<E, M, ?> handling : handlings) {
                if (handling.tryApply(model, typed)) {
                    return;
                }
            }
        }
    }
}
