// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import leftfold.jdbc.DocumentCache.Entry;
import org.jspecify.annotations.Nullable;

/**
 * The events of a batch, divided by the documents that they look at. Documents that one event looks at are of one
 * group, and a group is of one part, so whoever folds a part meets no document of another. Filled by one thread, then
 * read by many.
 *
 * @param <D> a document
 */
final class DocumentParts<D> {
    /** A document; the way over its parents leads to the one that stands for its group. */
    private static final class Node<D> {
        private final @Nullable Entry<D> entry;
        private Node<D> parent = this;
        private int events;
        private int part;

        Node(@Nullable Entry<D> entry) {
            this.entry = entry;
        }

        Node<D> group() {
            Node<D> node = this;
            while (!node.parent.equals(node)) {
                node.parent = node.parent.parent;
                node = node.parent;
            }
            return node;
        }
    }

    private final Function<String, Entry<D>> documents;
    private final Map<String, Node<D>> nodes = new HashMap<>();
    private final List<Node<D>> events = new ArrayList<>();

    /** Creates the division of no events yet; {@code documents} knows what is at a key. */
    DocumentParts(Function<String, Entry<D>> documents) {
        this.documents = documents;
    }

    /** Adds the next event, which looks at the documents at {@code keys}. */
    void add(Collection<String> keys) {
        Node<D> first = null;
        for (String key : keys) {
            Node<D> group = node(key).group();
            if (first == null) {
                first = group;
            } else {
                group.parent = first;
            }
        }
        events.add(first == null ? new Node<>(null) : first);
    }

    /**
     * Returns the places of the events of each part, from 0, in their order. Large groups are given away first, each to
     * the part that has the fewest events by then.
     */
    List<List<Integer>> divide(int parts) {
        List<Node<D>> groups = new ArrayList<>();
        for (Node<D> event : events) {
            Node<D> group = event.group();
            if (group.events == 0) {
                groups.add(group);
            }
            group.events++;
        }
        groups.sort(Comparator.comparingInt((Node<D> group) -> group.events).reversed());
        int[] load = new int[parts];
        for (Node<D> group : groups) {
            group.part = lightest(load);
            load[group.part] += group.events;
        }
        List<List<Integer>> divided = new ArrayList<>();
        for (int size : load) {
            divided.add(new ArrayList<>(size));
        }
        for (int i = 0; i < events.size(); i++) {
            divided.get(events.get(i).group().part).add(i);
        }
        nodes.values().forEach(node -> node.part = node.group().part);
        return divided;
    }

    /**
     * Returns the document at {@code key}, for the one who folds {@code part}.
     *
     * @throws IllegalStateException if no event of that part was to look at it
     */
    Entry<D> entry(int part, String key) {
        Node<D> node = nodes.get(key);
        Entry<D> entry = node == null || node.part != part ? null : node.entry;
        if (entry == null) {
            throw new IllegalStateException("an effect looks at the document at " + key
                    + ", which it does not name; several threads need to know all keys beforehand");
        }
        return entry;
    }

    private Node<D> node(String key) {
        Node<D> node = nodes.get(key);
        if (node == null) {
            node = new Node<>(DocumentPage.isKept(key) ? documents.apply(key) : null);
            nodes.put(key, node);
        }
        return node;
    }

    private static int lightest(int[] load) {
        int lightest = 0;
        for (int part = 1; part < load.length; part++) {
            if (load[part] < load[lightest]) {
                lightest = part;
            }
        }
        return lightest;
    }
}
