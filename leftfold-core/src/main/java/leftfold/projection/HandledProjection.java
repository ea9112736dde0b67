// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import leftfold.projection.ProjectionBuilder.Handling;
import leftfold.schema.EventCodec;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.Tag;
import leftfold.subscription.TypedEvent;

/** A projection made of handlers. Safe for use by many threads. */
final class HandledProjection<E, M> implements Projection<M> {
    private final Declared declared;
    private final EventCodec<E> codec;
    private final List<Handling<E, M, ?>> handlings;
    private final Set<String> types;
    private final Map<Class<?>, Optional<Handling<E, M, ?>>> byClass = new ConcurrentHashMap<>();

    /** What is said of a projection besides its handlers. Immutable. */
    record Declared(ProjectionId id, Query query, Set<String> inputs, FailurePolicy failurePolicy, int threads) {}

    HandledProjection(Declared declared, EventCodec<E> codec, List<Handling<E, M, ?>> handlings) {
        this.declared = declared;
        this.codec = codec;
        this.handlings = handlings;
        this.types = Set.copyOf(codec.types());
    }

    @Override
    public ProjectionId id() {
        return declared.id();
    }

    @Override
    public Query query() {
        return declared.query();
    }

    @Override
    public Set<String> inputs() {
        return declared.inputs();
    }

    @Override
    public FailurePolicy failurePolicy() {
        return declared.failurePolicy();
    }

    @Override
    public int threads() {
        return declared.threads();
    }

    @Override
    public String fingerprint() {
        Set<String> handled = new TreeSet<>();
        for (Handling<E, M, ?> handling : handlings) {
            Set<String> names = new TreeSet<>();
            if (!ProjectionBuilder.addNames(handling.type(), names)) {
                names.add(handling.type().getSimpleName());
            }
            handled.add(handling.verb() + " " + String.join("|", names));
        }
        return "handlers " + handled + "; query " + shown(query()) + "; inputs " + new TreeSet<>(inputs());
    }

    @Override
    public Effect<M> effect(RecordedEvent event) {
        if (!types.contains(event.type())) {
            return Effect.none();
        }
        TypedEvent<E> typed = TypedEvent.decode(codec, event);
        Class<?> type = typed.event().getClass();
        Optional<Handling<E, M, ?>> known = byClass.get(type);
        Optional<Handling<E, M, ?>> handling = known == null ? byClass.computeIfAbsent(type, this::handling) : known;
        return handling.isPresent() ? handling.get().of(typed) : Effect.none();
    }

    private Optional<Handling<E, M, ?>> handling(Class<?> event) {
        return handlings.stream()
                .filter(handling -> handling.type().isAssignableFrom(event))
                .findFirst();
    }

    /** Returns the query in a form that does not depend on the order in which its parts were named. */
    private static String shown(Query query) {
        Set<String> items = new TreeSet<>();
        for (Query.Item item : query.items()) {
            Set<String> tags = new TreeSet<>();
            item.tags().stream().map(Tag::toString).forEach(tags::add);
            items.add(item.stream() + " " + item.category() + " " + new TreeSet<>(item.types()) + " " + tags);
        }
        return items.toString();
    }
}
