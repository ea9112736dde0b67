// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import leftfold.schema.EventCodec;
import leftfold.schema.EventType;
import leftfold.store.Query;
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
    private final Set<String> inputs = new LinkedHashSet<>();
    private FailurePolicy failurePolicy = FailurePolicy.STOP;
    private int threads = 1;
    private @Nullable Query query;

    ProjectionBuilder(ProjectionId id, EventCodec<E> codec) {
        this.id = id;
        this.codec = codec;
    }

    /**
     * Adds what happens at events of {@code type} or its subtypes; where several handlers fit, the first one is called.
     */
    public <T extends E> ProjectionBuilder<E, M> on(Class<T> type, ProjectionHandler<M, ? super T> handler) {
        return on("on", type, event -> new Effect<>() {
            @Override
            public Collection<String> keys() {
                return List.of();
            }

            @Override
            public void apply(M model) throws Exception {
                handler.apply(model, new TypedEvent<>(event.event(), event.recorded()));
            }
        });
    }

    /** Adds a handler that says beforehand which documents it looks at; {@code verb} is part of the fingerprint. */
    <T extends E> ProjectionBuilder<E, M> on(String verb, Class<T> type, EffectOf<M, T> effect) {
        handlings.add(new Handling<>(verb, type, effect));
        return this;
    }

    /** Says which events to look at, such as those with a tag; else it is all those that have a handler. */
    public ProjectionBuilder<E, M> where(Query events) {
        query = events;
        return this;
    }

    /**
     * Says that the handlers look into the read model of the projection {@code input}: this one is then only given
     * events that the other has finished, in a rebuild too.
     *
     * @throws IllegalArgumentException if {@code input} is no projection's name, or this one's
     */
    public ProjectionBuilder<E, M> after(String input) {
        if (new ProjectionId(input, 1).name().equals(id.name())) {
            throw new IllegalArgumentException("projection " + input + " cannot be its own input");
        }
        inputs.add(input);
        return this;
    }

    /** Says what happens about an event that a handler fails at; else it is {@link FailurePolicy#STOP}. */
    public ProjectionBuilder<E, M> onFailure(FailurePolicy policy) {
        failurePolicy = policy;
        return this;
    }

    /** Says how many threads may fold side by side; only where all handlers say beforehand what they look at. */
    void threads(int count) {
        threads = count;
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
        HandledProjection.Declared declared =
                new HandledProjection.Declared(id, events, Set.copyOf(inputs), failurePolicy, threads);
        return new HandledProjection<>(declared, codec, List.copyOf(handlings));
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

    /** Adds the names of a type's events, and returns whether they are all known. */
    static boolean addNames(Class<?> type, Set<String> names) {
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

    /** Makes an effect of an event. */
    @FunctionalInterface
    interface EffectOf<M, T> {
        /** Returns what {@code event} does. */
        Effect<M> effect(TypedEvent<T> event);
    }

    /** A handler and the events that it is for. */
    record Handling<E, M, T extends E>(String verb, Class<T> type, EffectOf<M, T> effect) {
        /** Returns what {@code event} does, which is one of {@code type}. */
        @SuppressWarnings("unchecked") // it is a T, or it would not have been given to this handler
        Effect<M> of(TypedEvent<E> event) {
            return effect.effect((TypedEvent<T>) event);
        }
    }
}
