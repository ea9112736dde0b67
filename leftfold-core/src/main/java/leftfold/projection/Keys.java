// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.util.List;
import java.util.function.Function;
import leftfold.subscription.TypedEvent;

/** The usual keys of documents that gather events of many streams, for {@link DocumentProjectionBuilder#onEach}. */
public final class Keys {
    private Keys() {}

    /** Returns the key that is the event's stream: one document for each. */
    public static <E> Function<TypedEvent<E>, List<String>> stream() {
        return event -> List.of(event.stream().value());
    }

    /** Returns the keys that are the values of the event's tags with {@code key}; none for an event without. */
    public static <E> Function<TypedEvent<E>, List<String>> tag(String key) {
        return event -> event.recorded().tags().stream()
                .filter(tag -> tag.key().equals(key))
                .map(tag -> tag.value())
                .toList();
    }

    /** Returns the key that is the event's correlationId; none for an event without. */
    public static <E> Function<TypedEvent<E>, List<String>> correlation() {
        return event -> {
            String id = event.metadata().correlationId();
            return id == null ? List.of() : List.of(id);
        };
    }
}
