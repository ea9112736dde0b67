// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventCodec;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.RecordedEvent;
import org.jspecify.annotations.Nullable;

/** A codec for tests: an event's type is its class's simple name, its data one text. */
public final class TextCodec<E> implements EventCodec<E> {
    private final Function<E, String> text;
    private final Map<String, Function<String, ? extends E>> readers = new HashMap<>();

    public TextCodec(Function<E, String> text) {
        this.text = text;
    }

    public TextCodec<E> with(Class<? extends E> type, Function<String, ? extends E> reader) {
        readers.put(type.getSimpleName(), reader);
        return this;
    }

    /** Returns {@code event} with a random id. */
    public Event event(E event) {
        EncodedEvent encoded = encode(event);
        return Event.of(encoded.type(), encoded.data());
    }

    @Override
    public Set<String> types() {
        return readers.keySet();
    }

    @Override
    public EncodedEvent encode(E event) {
        return new EncodedEvent(event.getClass().getSimpleName(), 1, Data.json(text.apply(event)), Set.of());
    }

    @Override
    public E decode(RecordedEvent recorded) {
        @Nullable Function<String, ? extends E> reader = readers.get(recorded.type());
        if (reader == null) {
            throw new AssertionError("asked for an event of unknown type " + recorded.type());
        }
        return reader.apply(recorded.data().text());
    }
}
