// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.Query;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import leftfold.store.Tag;

/** Appends and queries drawn from so few names and ids that they meet. Confined to one thread. */
final class RandomAppends {
    /** Two of them have the same hash code in Java. */
    static final List<StreamId> STREAMS = List.of(
            StreamId.of("a-Aa"), StreamId.of("a-BB"), StreamId.of("a-1"), StreamId.of("b"), StreamId.of("b-ü-☃"));

    private static final int TYPES = 4;
    private static final int APPENDS_KEPT_MAX = 200;

    private final RandomGenerator random;
    private final List<Append> before = new ArrayList<>();

    RandomAppends(RandomGenerator random) {
        this.random = random;
    }

    /** Returns an append to a log that ends about {@code head}: new, or one from before as a whole or in part. */
    Append append(long head) {
        if (!before.isEmpty() && random.nextInt(6) == 0) {
            Append again = before.get(random.nextInt(before.size()));
            return random.nextBoolean() ? again : new Append(mixed(again.writes()), again.conditions());
        }
        Append append = new Append(writes(), conditions(head));
        if (before.size() < APPENDS_KEPT_MAX) {
            before.add(append);
        }
        return append;
    }

    StreamId stream() {
        return STREAMS.get(random.nextInt(STREAMS.size()));
    }

    /** Returns an id that may have been appended, and to which stream. */
    UUID id() {
        if (before.isEmpty() || random.nextInt(4) == 0) {
            return new UUID(random.nextLong(), random.nextLong());
        }
        List<StreamWrite> writes = before.get(random.nextInt(before.size())).writes();
        List<Event> events = writes.get(random.nextInt(writes.size())).events();
        return events.get(random.nextInt(events.size())).id();
    }

    Query query() {
        if (random.nextInt(6) == 0) {
            return Query.all();
        }
        List<Query.Item> items = new ArrayList<>();
        int count = random.nextInt(1, 4);
        for (int i = 0; i < count; i++) {
            items.add(new Query.Item(
                    random.nextInt(4) == 0 ? stream() : null,
                    random.nextInt(3) == 0 ? stream().category() : null,
                    random.nextBoolean() ? Set.of() : new HashSet<>(List.of(type(), type())),
                    random.nextBoolean() ? Set.of() : tags()));
        }
        return new Query(items);
    }

    /** Returns a place in a log or stream of {@code end} places, or outside of it. */
    long place(long end) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(2);
            case 1 -> Math.max(0, end + random.nextInt(-1, 2));
            case 2 -> Long.MAX_VALUE;
            default -> random.nextLong(end + 2);
        };
    }

    private List<StreamWrite> writes() {
        Set<StreamId> streams = new LinkedHashSet<>();
        int count = random.nextInt(5) == 0 ? 2 : 1;
        for (int i = 0; i < count; i++) {
            streams.add(stream());
        }
        List<StreamWrite> writes = new ArrayList<>();
        for (StreamId stream : streams) {
            List<Event> events = new ArrayList<>();
            int size = random.nextInt(10) == 0 ? random.nextInt(1, 400) : random.nextInt(1, 4);
            for (int i = 0; i < size; i++) {
                events.add(event(size));
            }
            writes.add(new StreamWrite(stream, events));
        }
        return writes;
    }

    /** Returns writes that are not quite those from before: to other streams, longer or shorter. */
    private List<StreamWrite> mixed(List<StreamWrite> writes) {
        List<StreamWrite> mixed = new ArrayList<>();
        for (StreamWrite write : writes) {
            List<Event> events = new ArrayList<>(write.events());
            switch (random.nextInt(4)) {
                case 0 -> events.add(event(1));
                case 1 -> events.addFirst(event(1));
                case 2 -> events.subList(events.size() / 2 + 1, events.size()).clear();
                default -> {}
            }
            mixed.add(new StreamWrite(write.stream(), events));
        }
        if (random.nextInt(3) == 0) {
            return List.of(new StreamWrite(stream(), mixed.getFirst().events()));
        }
        return mixed;
    }

    private List<AppendCondition> conditions(long head) {
        return switch (random.nextInt(6)) {
            case 0 -> List.of(new AppendCondition.StreamAt(stream(), place(head / STREAMS.size())));
            case 1 -> List.of(new AppendCondition.NothingSince(query(), Math.max(0, head - random.nextInt(3))));
            case 2 -> List.of(new AppendCondition.StreamExists(stream()));
            default -> List.of();
        };
    }

    private Event event(int siblings) {
        byte[] data = new byte[siblings == 1 && random.nextInt(12) == 0 ? random.nextInt(20_000) : random.nextInt(60)];
        random.nextBytes(data);
        Metadata metadata = random.nextBoolean()
                ? Metadata.none()
                : Metadata.none().withActor("someone " + random.nextInt(3)).withHeader("h", "");
        return new Event(
                new UUID(random.nextLong(), random.nextLong()),
                type(),
                random.nextInt(1, 3),
                Data.of(data, random.nextBoolean() ? Data.JSON : Data.BINARY),
                metadata,
                tags());
    }

    private String type() {
        return "Happened" + random.nextInt(TYPES);
    }

    private Set<Tag> tags() {
        Set<Tag> tags = new LinkedHashSet<>();
        int count = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            tags.add(Tag.of("k" + random.nextInt(2), "v:" + random.nextInt(2)));
        }
        return tags;
    }
}
