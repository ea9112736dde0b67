// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import leftfold.projection.Documents;
import leftfold.projection.FailurePolicy;
import leftfold.projection.Projection;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventCodec;
import leftfold.schema.EventType;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;

/**
 * Documents that tell which events made them, in which order, and what they were before they were renamed: they come
 * out wrong if one event is missed, met twice, met in another order or given to another document.
 */
final class Parcels {
    private static final StreamId STREAM = StreamId.of("parcels-1");
    private static final int KEYS = 24;

    private final Random random;
    private final int poisonPercent;

    /** Makes traffic of which so many percent of the events fail; the same seed gives the same events. */
    Parcels(long seed, int poisonPercent) {
        random = new Random(seed);
        this.poisonPercent = poisonPercent;
    }

    /** What happens to parcels. */
    sealed interface Change {
        /** The parcels that it happens to. */
        List<String> keys();

        /** To one, or to several at once. */
        @EventType("Stamped")
        record Stamped(List<String> keys) implements Change {}

        /** From the first key to the second. */
        @EventType("Renamed")
        record Renamed(List<String> keys) implements Change {}

        /** There is no such parcel any more. */
        @EventType("Delivered")
        record Delivered(List<String> keys) implements Change {}

        /** The handler fails. */
        @EventType("Torn")
        record Torn(List<String> keys) implements Change {}

        /** Nobody can read it. */
        @EventType("Illegible")
        record Illegible(List<String> keys) implements Change {}
    }

    /** The codec of these events: the keys with blanks between. */
    static final EventCodec<Change> CODEC = new EventCodec<>() {
        @Override
        public Set<String> types() {
            return Set.of("Stamped", "Renamed", "Delivered", "Torn", "Illegible");
        }

        @Override
        public EncodedEvent encode(Change event) {
            return new EncodedEvent(
                    event.getClass().getSimpleName(), 1, Data.json(String.join(" ", event.keys())), Set.of());
        }

        @Override
        public Change decode(RecordedEvent recorded) {
            List<String> keys = List.of(recorded.data().text().split(" "));
            return switch (recorded.type()) {
                case "Stamped" -> new Change.Stamped(keys);
                case "Renamed" -> new Change.Renamed(keys);
                case "Delivered" -> new Change.Delivered(keys);
                case "Torn" -> new Change.Torn(keys);
                default -> throw new IllegalArgumentException("nobody can read " + keys);
            };
        }
    };

    static final DocumentCodec<String> TEXT = DocumentCodec.of(text -> text, text -> text);

    /** Returns what became of each parcel, folded by so many threads. */
    static Projection<Documents<String>> projection(String name, int threads, FailurePolicy policy) {
        return Projection.<Change, String>documents(name, 1, CODEC)
                .onEach(
                        Change.Stamped.class,
                        stamped -> stamped.event().keys(),
                        (text, stamped) -> (text == null ? "" : text) + " " + stamped.position())
                .onRename(
                        Change.Renamed.class,
                        renamed -> renamed.event().keys().getFirst(),
                        renamed -> renamed.event().keys().getLast(),
                        (text, renamed) -> text == null ? null : text + " >" + renamed.position())
                .onDelete(
                        Change.Delivered.class,
                        delivered -> delivered.event().keys().getFirst())
                .onEach(Change.Torn.class, torn -> torn.event().keys(), (text, torn) -> {
                    throw new IllegalStateException("torn after" + text);
                })
                .on(Change.Illegible.class, illegible -> "none", (text, illegible) -> text)
                .onFailure(policy)
                .parallel(threads)
                .build();
    }

    /** Appends this many events and returns the position of the last. */
    long append(EventStore store, int count) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(change());
        }
        return append(store, changes);
    }

    /** Appends these events and returns the position of the last. */
    static long append(EventStore store, List<? extends Change> changes) {
        List<Event> events = new ArrayList<>();
        for (Change change : changes) {
            EncodedEvent encoded = CODEC.encode(change);
            events.add(Event.of(encoded.type(), encoded.data()));
        }
        return store.append(STREAM, store.streamVersion(STREAM), events).position();
    }

    private Change change() {
        if (random.nextInt(100) < poisonPercent) {
            return random.nextBoolean() ? new Change.Torn(keys(1)) : new Change.Illegible(keys(1));
        }
        return switch (random.nextInt(12)) {
            case 0 -> new Change.Renamed(keys(2));
            case 1 -> new Change.Delivered(keys(1));
            case 2 -> new Change.Stamped(keys(2));
            default -> new Change.Stamped(keys(1));
        };
    }

    private List<String> keys(int count) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add("p" + random.nextInt(KEYS));
        }
        return keys;
    }
}
