// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * What an event was caused by and what it caused, found by reading the log: as often as it takes until nothing more is
 * found, since an imported log may tell of an effect before its cause. Confined to one thread.
 */
final class CausationTree {
    /** How many effects are gathered at most. */
    static final int EFFECTS_MAX = 10_000;

    private final EventStore store;
    private final List<Node> causes = new ArrayList<>();
    private final Map<String, List<Node>> effects = new HashMap<>();
    private final List<Line> lines = new ArrayList<>();
    private boolean cut;

    /** How a line of the tree is related to the event that was asked about. */
    enum Relation {
        /** Came before it, and led to it. */
        CAUSE,
        /** Is the event itself. */
        EVENT,
        /** Followed from it. */
        EFFECT,
        /** Is named as a cause, but is no event of the store. */
        MISSING,
        /** Stands in the tree already: the causes go round. */
        CYCLE
    }

    /**
     * A line of the tree.
     *
     * @param depth how far to indent it, from 0
     * @param id the event's, or what is named as one
     * @param position the event's; 0 where there is no event to show
     */
    record Line(Relation relation, int depth, String id, long position) {}

    private record Node(long position, String id, @Nullable String cause) {
        static Node of(RecordedEvent event) {
            String cause = event.metadata().causationId();
            return new Node(
                    event.position(), event.id().toString(), cause == null ? null : cause.toLowerCase(Locale.ROOT));
        }
    }

    private CausationTree(EventStore store) {
        this.store = store;
    }

    /** Returns the tree around the event with {@code id}; without lines if there is no such event. */
    static CausationTree of(EventStore store, UUID id) {
        CausationTree tree = new CausationTree(store);
        String above = tree.climb(id.toString());
        if (!tree.causes.isEmpty()) {
            Node event = tree.causes.getFirst();
            tree.descend(event);
            Collections.reverse(tree.causes);
            tree.layOut(event, above);
        }
        return tree;
    }

    /** Returns the tree's lines, from the first cause to the last effect. */
    List<Line> lines() {
        return Collections.unmodifiableList(lines);
    }

    /** Returns whether there are more effects than are gathered. */
    boolean cut() {
        return cut;
    }

    /** Gathers the event and its causes, nearest first; returns the cause that ends them, or null at their root. */
    private @Nullable String climb(String id) {
        Set<String> seen = new HashSet<>();
        String wanted = id;
        int before;
        do {
            before = causes.size();
            try (Stream<RecordedEvent> events =
                    store.read(Query.all(), Long.MAX_VALUE, Direction.BACKWARDS, Long.MAX_VALUE)) {
                for (Iterator<RecordedEvent> each = events.iterator(); each.hasNext(); ) {
                    RecordedEvent event = each.next();
                    if (wanted.equals(event.id().toString())) {
                        Node node = Node.of(event);
                        causes.add(node);
                        seen.add(wanted);
                        wanted = node.cause();
                        if (wanted == null || seen.contains(wanted)) {
                            return wanted;
                        }
                    }
                }
            }
        } while (causes.size() > before);
        return wanted;
    }

    private void descend(Node event) {
        Set<String> ids = new HashSet<>(Set.of(event.id()));
        Set<Long> found = new HashSet<>();
        long from = event.position();
        int before;
        do {
            before = found.size();
            try (Stream<RecordedEvent> events = store.read(Query.all(), from, Direction.FORWARDS, Long.MAX_VALUE)) {
                for (Iterator<RecordedEvent> each = events.iterator(); each.hasNext() && !cut; ) {
                    Node node = Node.of(each.next());
                    if (node.cause() != null && ids.contains(node.cause()) && found.add(node.position())) {
                        ids.add(node.id());
                        effects.computeIfAbsent(node.cause(), cause -> new ArrayList<>())
                                .add(node);
                        cut = found.size() == EFFECTS_MAX;
                    }
                }
            }
            // The first time, what comes before the event is left out; whether that matters is seen the second time.
            boolean again = from > 1 || found.size() > before;
            from = 1;
            if (!again) {
                return;
            }
        } while (!cut);
    }

    private void layOut(Node event, @Nullable String above) {
        Set<String> shown = new HashSet<>();
        causes.forEach(cause -> shown.add(cause.id()));
        if (above != null) {
            lines.add(new Line(shown.contains(above) ? Relation.CYCLE : Relation.MISSING, 0, above, 0));
        }
        for (Node cause : causes) {
            Relation relation = cause.equals(event) ? Relation.EVENT : Relation.CAUSE;
            lines.add(new Line(relation, lines.size(), cause.id(), cause.position()));
        }
        Deque<Line> open = new ArrayDeque<>();
        push(open, event.id(), lines.size());
        while (!open.isEmpty()) {
            Line next = open.pop();
            if (shown.add(next.id())) {
                lines.add(next);
                push(open, next.id(), next.depth() + 1);
            } else {
                lines.add(new Line(Relation.CYCLE, next.depth(), next.id(), 0));
            }
        }
    }

    private void push(Deque<Line> open, String cause, int depth) {
        for (Node effect : effects.getOrDefault(cause, List.of()).reversed()) {
            open.push(new Line(Relation.EFFECT, depth, effect.id(), effect.position()));
        }
    }
}
