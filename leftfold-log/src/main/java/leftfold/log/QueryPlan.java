// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import leftfold.store.Direction;
import leftfold.store.Query;
import org.jspecify.annotations.Nullable;

/**
 * How a query is answered from an index: for each item the keys that it names, in groups of which one is enough to find
 * all that the item matches. What is found must still be matched. Immutable.
 */
final class QueryPlan {
    /** An event read in vain costs about what one costs that is looked up in the index. */
    private static final int DENSE = 2;

    private static final int[] NONE = {};

    private final List<List<List<Key>>> items = new ArrayList<>();
    private final boolean everything;
    private final boolean matched; // is what is found, in the end

    QueryPlan(Query query, Key.Hash hash) {
        for (Query.Item item : query.items()) {
            List<List<Key>> choices = new ArrayList<>();
            if (item.stream() != null) {
                choices.add(List.of(hash.stream(item.stream())));
            }
            item.tags().forEach(tag -> choices.add(List.of(hash.tag(tag))));
            if (!item.types().isEmpty()) {
                choices.add(item.types().stream()
                        .map(type -> hash.key(Key.TYPE, type))
                        .toList());
            }
            if (item.category() != null) {
                choices.add(List.of(hash.key(Key.CATEGORY, item.category())));
            }
            items.add(choices);
        }
        this.everything = items.stream().anyMatch(List::isEmpty);
        this.matched = true;
    }

    /** Creates the plan that finds the events of {@code key}, and no others. */
    QueryPlan(Key key) {
        items.add(List.of(List.of(key)));
        this.everything = false;
        this.matched = false;
    }

    /** Returns whether every event may match, so that no index is of use. */
    boolean everything() {
        return everything;
    }

    /**
     * Returns ordinals of {@code index} that may match, in {@code direction} from {@code from} on, at most
     * {@code max}; empty if there are no more.
     *
     * @param whole whether no event of the index is lost, so that all can be read where most may match
     */
    int[] page(KeyIndex index, int from, Direction direction, int max, boolean whole) {
        List<Postings> sources = new ArrayList<>();
        for (List<List<Key>> choices : items) {
            sources.addAll(narrowest(index, choices));
        }
        if (matched && whole) {
            int[] all = allIfDense(index, sources, from, direction, max);
            if (all.length > 0) {
                return all;
            }
        }
        if (sources.size() == 1) {
            return sources.getFirst().page(from, direction, max);
        }
        // The first max of each source are enough: what it holds back comes after max others.
        int[] ascending = sources.stream()
                .flatMapToInt(source -> IntStream.of(source.page(from, direction, max)))
                .sorted()
                .distinct()
                .toArray();
        return inDirection(ascending, direction, max);
    }

    /** Returns the next ordinals of {@code index}, at most {@code max}, if so many of them may match. */
    private static int[] allIfDense(KeyIndex index, List<Postings> sources, int from, Direction direction, int max) {
        boolean forwards = direction == Direction.FORWARDS;
        int events = (int) (index.nextPosition() - index.firstPosition());
        int low = forwards ? from : Math.max(0, Math.min(from, events - 1) - max + 1);
        int high = forwards ? (int) Math.min(events, (long) from + max) : Math.min(from, events - 1) + 1;
        long found =
                sources.stream().mapToLong(source -> source.count(low, high)).sum();
        if (found == 0 || DENSE * found < high - low) {
            return NONE;
        }
        return inDirection(IntStream.range(low, high).toArray(), direction, max);
    }

    private static int[] inDirection(int[] ascending, Direction direction, int max) {
        int[] page = new int[Math.min(max, ascending.length)];
        for (int i = 0; i < page.length; i++) {
            page[i] = ascending[direction == Direction.FORWARDS ? i : ascending.length - 1 - i];
        }
        return page;
    }

    private static List<Postings> narrowest(KeyIndex index, List<List<Key>> choices) {
        List<Postings> narrowest = List.of();
        long fewest = Long.MAX_VALUE;
        for (List<Key> keys : choices) {
            List<Postings> found =
                    keys.stream().flatMap(key -> postings(index, key)).toList();
            long count = found.stream().mapToLong(Postings::count).sum();
            if (count < fewest) {
                narrowest = found;
                fewest = count;
            }
        }
        return narrowest;
    }

    private static Stream<Postings> postings(KeyIndex index, Key key) {
        @Nullable Postings found = key.kind() == Key.STREAM ? index.stream(key) : index.find(key);
        return found == null ? Stream.of() : Stream.of(found);
    }
}
