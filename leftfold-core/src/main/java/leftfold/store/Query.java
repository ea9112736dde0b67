// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events: those that match at least one item. Immutable.
 *
 * @param items at least one
 */
public record Query(List<Item> items) {
    private static final Query ALL = new Query(List.of(new Item(null, null, Set.of(), Set.of())));

    /**
     * What one event must fulfil, all of it. What is not said does not restrict.
     *
     * @param stream the event's stream, or null for any
     * @param category its stream's category, or null for any
     * @param types the event's type is one of these; empty for any
     * @param tags the event has all of these
     */
    public record Item(@Nullable StreamId stream, @Nullable String category, Set<String> types, Set<Tag> tags) {
        /** Copies. */
        public Item {
            types = Collections.unmodifiableSet(new LinkedHashSet<>(types));
            tags = Collections.unmodifiableSet(new LinkedHashSet<>(tags));
        }

        /** Returns whether {@code event} in {@code inStream} fulfils this item. */
        public boolean matches(StreamId inStream, Event event) {
            return (stream == null || stream.equals(inStream))
                    && (category == null || category.equals(inStream.category()))
                    && (types.isEmpty() || types.contains(event.type()))
                    && (tags.isEmpty() || event.tags().containsAll(tags));
        }
    }

    /**
     * Copies.
     *
     * @throws IllegalArgumentException if {@code items} is empty; for every event use {@link #all()}
     */
    public Query {
        items = List.copyOf(items);
        if (items.isEmpty()) {
            throw new IllegalArgumentException("a query without items; for every event use Query.all()");
        }
    }

    /** Returns the query that every event matches. */
    public static Query all() {
        return ALL;
    }

    /** Returns the query for the events of one stream. */
    public static Query stream(StreamId stream) {
        return of(new Item(stream, null, Set.of(), Set.of()));
    }

    /** Returns the query for the events of all streams of one category. */
    public static Query category(String category) {
        return of(new Item(null, category, Set.of(), Set.of()));
    }

    /** Returns the query for the events of any of these types. */
    public static Query types(String first, String... more) {
        Set<String> types = new LinkedHashSet<>(List.of(more));
        types.add(first);
        return of(new Item(null, null, types, Set.of()));
    }

    /** Returns the query for the events that carry all of these tags. */
    public static Query tags(Tag first, Tag... more) {
        Set<Tag> tags = new LinkedHashSet<>(List.of(more));
        tags.add(first);
        return of(new Item(null, null, Set.of(), tags));
    }

    /** Returns the query of one item. */
    public static Query of(Item item) {
        return new Query(List.of(item));
    }

    /** Returns whether {@code event} in {@code stream} matches. */
    public boolean matches(StreamId stream, Event event) {
        for (int i = 0; i < items.size(); i++) { // asked for each event that is read: without an iterator
            if (items.get(i).matches(stream, event)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether {@code event} matches. */
    public boolean matches(RecordedEvent event) {
        return matches(event.stream(), event.event());
    }
}
