// SPDX-License-Identifier: Apache-2.0
package leftfold.jackson;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventCodec;
import leftfold.schema.EventTag;
import leftfold.schema.EventType;
import leftfold.schema.SchemaException;
import leftfold.schema.Upcaster;
import leftfold.schema.Upcasters;
import leftfold.store.Data;
import leftfold.store.RecordedEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events as JSON: the records under a sealed interface, each with {@link EventType}. Immutable; safe for use by many
 * threads.
 *
 * <p>Writing: components in the record's order, and nothing else; the same record gives the same bytes, as long as its
 * maps and sets keep an order of their own (not {@code Map.of}). Dates and times are ISO 8601 text, enums their names,
 * numbers exact.
 *
 * <p>Reading is lenient where schemas grow, and strict elsewhere. Unknown properties are ignored. A missing one is
 * null, empty for {@code Optional}, 0 or false for primitives; the record's compact constructor may put a default in
 * place of null. Text is not taken for a number, nor a fraction for a whole number. What changed in more than this
 * needs an {@link Upcaster}; {@link Upcasters} has the rule.
 *
 * <p>Components may be records, enums, collections, maps, {@code java.time} types, {@code BigDecimal}, {@code UUID} and
 * whatever else Jackson reads and writes. A sealed interface as a component needs Jackson's {@code @JsonTypeInfo} and
 * names for its cases, or what is written could not be read.
 *
 * @param <E> the events, a sealed interface of records or one record
 */
public final class JsonCodec<E> implements EventCodec<E> {
    private final Class<E> events;
    private final JsonMapper mapper = JsonForm.mapper();
    private final Map<Class<?>, RecordShape> shapes = new HashMap<>();
    private final Map<String, ObjectReader> readers = new LinkedHashMap<>();
    private final Upcasters<ObjectNode> upcasters;

    private JsonCodec(Builder<E> builder) {
        events = builder.events;
        Map<String, Integer> versions = new HashMap<>();
        for (Class<?> record : EventRecords.of(events)) {
            RecordShape shape = RecordShape.of(record);
            shapes.put(record, shape);
            versions.put(shape.type(), shape.version());
            if (readers.put(shape.type(), mapper.readerFor(record)) != null) {
                throw new IllegalArgumentException("two records under " + events.getName() + " have the event type '"
                        + shape.type() + "', one is " + record.getName() + "; give each its own");
            }
        }
        upcasters = new Upcasters<>(versions, builder.steps);
    }

    /**
     * Returns the codec of all records under {@code events}, without upcasters.
     *
     * @throws IllegalArgumentException as {@link Builder#build}
     */
    public static <E> JsonCodec<E> of(Class<E> events) {
        return builder(events).build();
    }

    /** Returns a builder of the codec of all records under {@code events}. */
    public static <E> Builder<E> builder(Class<E> events) {
        return new Builder<>(events);
    }

    @Override
    public Set<String> types() {
        return Collections.unmodifiableSet(readers.keySet());
    }

    /**
     * Returns {@code event} as JSON, with the tags that {@link EventTag} names.
     *
     * @throws SchemaException if a component cannot be written as JSON
     * @throws IllegalArgumentException if the event is not of this codec, or a tag is over its limit
     */
    @Override
    public EncodedEvent encode(E event) {
        RecordShape shape = shapes.get(event.getClass());
        if (shape == null) {
            throw new IllegalArgumentException(
                    event.getClass().getName() + " is not an event under " + events.getName());
        }
        try {
            Data data = Data.of(mapper.writeValueAsBytes(event), Data.JSON);
            return new EncodedEvent(shape.type(), shape.version(), data, shape.tagsOf(event));
        } catch (JacksonException e) {
            throw new SchemaException(
                    "event " + shape.type() + "@" + shape.version() + " cannot be written as JSON: " + place(e)
                            + e.getOriginalMessage(),
                    e);
        }
    }

    @Override
    public E decode(RecordedEvent recorded) {
        upcasters.check(recorded);
        if (!recorded.data().contentType().equals(Data.JSON)) {
            throw SchemaException.of(
                    recorded,
                    "its data is " + recorded.data().contentType() + ", and this codec reads " + Data.JSON,
                    null);
        }
        E event = read(recorded);
        if (event == null) {
            throw SchemaException.of(recorded, "its data is null, not a JSON object", null);
        }
        return event;
    }

    private @Nullable E read(RecordedEvent recorded) {
        ObjectReader reader = Objects.requireNonNull(readers.get(recorded.type()), "checked before");
        byte[] json = recorded.data().bytes();
        try {
            if (!upcasters.needsUpcast(recorded)) {
                return events.cast(reader.readValue(json));
            }
            JsonNode tree = mapper.readTree(json);
            if (!(tree instanceof ObjectNode object)) {
                throw SchemaException.of(recorded, "its data is not a JSON object", null);
            }
            return events.cast(reader.readValue(upcasters.upcast(recorded, object)));
        } catch (JacksonException e) {
            throw SchemaException.of(recorded, place(e) + JsonMistake.words(e), e);
        }
    }

    private static String place(JacksonException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            path.append(step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName());
        }
        TokenStreamLocation location = e.getLocation();
        if (location != null && location.getLineNr() > 0) {
            path.append(path.isEmpty() ? "" : ", ");
            path.append("line " + location.getLineNr() + ", column " + location.getColumnNr());
        }
        return path.isEmpty() ? "" : "at " + path + ": ";
    }

    /** Builds a codec. Confined to one thread. */
    public static final class Builder<E> {
        private final Class<E> events;
        private final List<Upcasters.Step<ObjectNode>> steps = new ArrayList<>();

        private Builder(Class<E> events) {
            this.events = events;
        }

        /** Adds the step that takes data of {@code type} from {@code fromVersion} to the next version. */
        public Builder<E> upcaster(String type, int fromVersion, Upcaster<ObjectNode> upcaster) {
            steps.add(new Upcasters.Step<>(type, fromVersion, upcaster));
            return this;
        }

        /**
         * Returns the codec.
         *
         * @throws IllegalArgumentException if a class under the interface is not a record, a record has no
         *     {@link EventType}, two have the same, a component could not be read back, or the upcasters do not fit
         *     (see {@link Upcasters})
         */
        public JsonCodec<E> build() {
            return new JsonCodec<>(this);
        }
    }
}
