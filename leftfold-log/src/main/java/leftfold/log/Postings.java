// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leftfold.store.Direction;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Which events of one segment may match a query: for each stream, category, type and tag, the ordinals of its events,
 * counted from 0 within the segment. Derived from the segment. Guarded by the lock of {@link LogIndex}.
 */
final class Postings {
    private final Map<StreamId, IntList> streams = new HashMap<>();
    private final Map<String, IntList> categories = new HashMap<>();
    private final Map<String, IntList> types = new HashMap<>();
    private final Map<Tag, IntList> tags = new HashMap<>();
    private int count;

    /** Adds the next event. */
    void add(RecordedEvent event) {
        int ordinal = count++;
        streams.computeIfAbsent(event.stream(), key -> new IntList()).add(ordinal);
        categories
                .computeIfAbsent(event.stream().category(), key -> new IntList())
                .add(ordinal);
        types.computeIfAbsent(event.type(), key -> new IntList()).add(ordinal);
        for (Tag tag : event.tags()) {
            tags.computeIfAbsent(tag, key -> new IntList()).add(ordinal);
        }
    }

    /** Counts {@code events} that are lost, so that later ordinals stay right. */
    void skip(int events) {
        count += events;
    }

    int count() {
        return count;
    }

    /** Returns the ordinals of the stream's events; null if it has none here. */
    @Nullable IntList stream(StreamId stream) {
        return streams.get(stream);
    }

    /**
     * Returns ordinals that may match {@code query}, in order of {@code direction} from {@code from} on, at most
     * {@code max}; empty if there are no more. What is returned must still be matched against the query.
     */
    int[] page(Query query, int from, Direction direction, int max) {
        List<IntList> sources = new ArrayList<>();
        for (Query.Item item : query.items()) {
            List<IntList> narrowest = narrowest(item);
            if (narrowest == null) {
                return everything(from, direction, max);
            }
            sources.addAll(narrowest);
        }
        return direction == Direction.FORWARDS ? ascending(sources, from, max) : descending(sources, from, max);
    }

    private int[] everything(int from, Direction direction, int max) {
        int first = direction == Direction.FORWARDS ? from : Math.min(from, count - 1);
        int size = Math.clamp(direction == Direction.FORWARDS ? (long) count - first : (long) first + 1, 0, max);
        int[] page = new int[size];
        for (int i = 0; i < size; i++) {
            page[i] = direction == Direction.FORWARDS ? first + i : first - i;
        }
        return page;
    }

    /** Returns the shortest lists that hold everything that {@code item} matches; null if it matches everything. */
    private @Nullable List<IntList> narrowest(Query.Item item) {
        List<List<IntList>> choices = new ArrayList<>();
        if (item.stream() != null) {
            choices.add(present(streams.get(item.stream())));
        }
        if (item.category() != null) {
            choices.add(present(categories.get(item.category())));
        }
        for (Tag tag : item.tags()) {
            choices.add(present(tags.get(tag)));
        }
        if (!item.types().isEmpty()) {
            List<IntList> lists = new ArrayList<>();
            item.types().forEach(type -> lists.addAll(present(types.get(type))));
            choices.add(lists);
        }
        List<IntList> narrowest = null;
        for (List<IntList> choice : choices) {
            if (narrowest == null || size(choice) < size(narrowest)) {
                narrowest = choice;
            }
        }
        return narrowest;
    }

    private static List<IntList> present(@Nullable IntList list) {
        return list == null ? List.of() : List.of(list);
    }

    private static long size(List<IntList> lists) {
        return lists.stream().mapToLong(IntList::size).sum();
    }

    // The first max of a source are enough: what it holds back comes after max others.
    private static int[] ascending(List<IntList> sources, int from, int max) {
        return sources.stream()
                .flatMapToInt(source -> source.slice(source.indexOf(from), max))
                .sorted()
                .distinct()
                .limit(max)
                .toArray();
    }

    private static int[] descending(List<IntList> sources, int from, int max) {
        int[] ascending = sources.stream()
                .flatMapToInt(source -> {
                    int end = from == Integer.MAX_VALUE ? source.size() : source.indexOf(from + 1);
                    int start = Math.max(0, end - max);
                    return source.slice(start, end - start);
                })
                .sorted()
                .distinct()
                .toArray();
        int[] page = new int[Math.min(max, ascending.length)];
        for (int i = 0; i < page.length; i++) {
            page[i] = ascending[ascending.length - 1 - i];
        }
        return page;
    }
}
