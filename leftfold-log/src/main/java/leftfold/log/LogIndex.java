// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import leftfold.store.Direction;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Where everything is: the segments, and indexes that together cover them all, those of old segments in files. The
 * writer adds events as it decides them; readers see those that it has published since. Safe for use by many threads.
 */
final class LogIndex {
    /** A stream's last event. */
    record Head(long version, long position) {
        static final Head NONE = new Head(0, 0);
    }

    private final Key.Hash hash;
    private final List<Damage> damages = new CopyOnWriteArrayList<>();
    private final PositionList<Segment> segments = new PositionList<>();
    private final PositionList<KeyIndex> parts = new PositionList<>(); // without gaps
    private volatile Consumer<IndexFile> repair = file -> {};

    LogIndex(Key.Hash hash) {
        this.hash = hash;
    }

    Key.Hash hash() {
        return hash;
    }

    /** Has {@code repair} replace a part whose file turns out to be damaged. */
    void onDamage(Consumer<IndexFile> repair) {
        this.repair = repair;
    }

    /** Adds the next segment, whose events stand in an index that is there already or comes next. */
    void add(Segment segment) {
        segments.add(segment);
    }

    /** Adds the index of what follows. */
    void add(KeyIndex part) {
        parts.add(part);
    }

    /** Adds the next segment and an index for it in memory, which expects as many events as the one before it has. */
    MemoryIndex begin(Segment segment) {
        List<Segment> before = segments();
        int expected = before.isEmpty() ? 0 : before.getLast().count();
        MemoryIndex index = new MemoryIndex(segment, hash, expected);
        add(segment);
        add(index);
        return index;
    }

    /** Puts {@code replacement} in the place of parts that cover the same positions. */
    void replace(List<? extends KeyIndex> old, List<? extends KeyIndex> replacement) {
        parts.replace(old, replacement);
    }

    /** Puts a segment in the place of those that it holds the events of. */
    void replaceSegments(List<Segment> old, Segment replacement) {
        segments.replace(old, List.of(replacement));
    }

    List<KeyIndex> parts() {
        return parts.all();
    }

    List<Segment> segments() {
        return segments.all();
    }

    /** Returns the index of the segment that is being written. */
    MemoryIndex active() {
        return (MemoryIndex) parts.all().getLast();
    }

    /** Returns what is known to be damaged; safe for use by many threads. */
    List<Damage> damages() {
        return damages;
    }

    /**
     * Refuses to append to a damaged log. Whoever decides by the index asks afterwards: a lookup may be what finds the
     * damage.
     */
    void checkWhole() {
        if (!damages.isEmpty()) {
            throw new StoreException.Unavailable(
                    "nothing can be appended to a damaged log: " + damages.getFirst(), null);
        }
    }

    /** Returns the last position that readers may see; 0 if there is no event. */
    long head() {
        List<KeyIndex> all = parts.all();
        return all.isEmpty() ? 0 : all.getLast().nextPosition() - 1;
    }

    /** Returns the stream's last event up to position {@code upTo}; {@link Head#NONE} if there is none. */
    Head head(Key stream, long upTo) {
        return repairing(() -> {
            List<KeyIndex> all = parts.all();
            for (int i = all.size() - 1; i >= 0; i--) {
                StreamPart part = all.get(i).stream(stream);
                int count = part == null ? 0 : StreamPage.count(all.get(i), part, upTo);
                if (part != null && count > 0) {
                    return new Head(part.version(count - 1), all.get(i).firstPosition() + part.get(count - 1));
                }
            }
            return Head.NONE;
        });
    }

    /** Returns the number of events of the stream up to position {@code upTo} that are not lost. */
    long count(Key stream, long upTo) {
        return repairing(() -> {
            long count = 0;
            for (KeyIndex index : parts.all()) {
                StreamPart part = index.stream(stream);
                count += part == null ? 0 : StreamPage.count(index, part, upTo);
            }
            return count;
        });
    }

    /** Returns the position of the stream's event with this id, up to position {@code upTo}; 0 if it is not there. */
    long find(Key stream, UUID id, long upTo) {
        return repairing(() -> {
            StreamPlaces places = places(stream);
            for (int i = places.parts.size() - 1; i >= 0; i--) {
                long found = places.located[i] < 0 ? 0 : find(places.parts.get(i), places.located[i], id);
                if (found > 0) {
                    return found <= upTo ? found : 0;
                }
            }
            return 0L;
        });
    }

    private long find(KeyIndex part, int located, UUID id) {
        if (part instanceof MemoryIndex memory) {
            int ordinal = memory.find(located, id);
            return ordinal < 0 ? 0 : memory.firstPosition() + ordinal;
        }
        KeyTable table = (KeyTable) part;
        for (int i = table.findId(located, id, -1); i >= 0; i = table.findId(located, id, i)) {
            long position = table.firstPosition() + table.stream(located).get(i);
            if (event(position).id().equals(id)) { // others may share its fingerprint
                return position;
            }
        }
        return 0;
    }

    /**
     * Where a stream stands in each part of the index; -1 where it does not. For the writer, until its next event; who
     * asks by it and meets a damaged file has it repaired and begins again.
     */
    @SuppressWarnings("ArrayRecordComponent")
    record StreamPlaces(Key stream, List<KeyIndex> parts, int[] located) {}

    /** Returns where the stream stands, to be asked several things. */
    StreamPlaces places(Key stream) {
        return upToDate(placesInFiles(stream));
    }

    /** Returns where the stream stands in the parts that never change, as a beginning: any thread may make it. */
    StreamPlaces placesInFiles(Key stream) {
        return repairing(() -> {
            List<KeyIndex> all = parts.all();
            int[] located = new int[all.size()];
            load(all, stream);
            for (int i = 0; i < located.length; i++) {
                located[i] = all.get(i) instanceof KeyTable table ? table.locate(stream) : -1;
            }
            return new StreamPlaces(stream, all, located);
        });
    }

    /** Returns {@code begun}, completed by where the stream stands now in memory; anew if the parts have changed. */
    StreamPlaces upToDate(StreamPlaces begun) {
        if (!begun.parts.equals(parts.all())) {
            return upToDate(placesInFiles(begun.stream));
        }
        for (int i = 0; i < begun.located.length; i++) {
            if (begun.parts.get(i) instanceof MemoryIndex memory) {
                begun.located[i] = memory.locate(begun.stream);
            }
        }
        return begun;
    }

    /** Returns the stream's last event, published or not; {@link Head#NONE} if there is none. */
    Head head(StreamPlaces places) {
        for (int i = places.parts.size() - 1; i >= 0; i--) {
            if (places.located[i] >= 0) {
                StreamPart part = places.parts.get(i).stream(places.located[i]);
                int last = part.count() - 1;
                return new Head(part.version(last), places.parts.get(i).firstPosition() + part.get(last));
            }
        }
        return Head.NONE;
    }

    /** Returns the version of the event with this id in the stream, published or not; 0 if it is not there. */
    long versionOf(StreamPlaces places, UUID id) {
        for (int i = places.parts.size() - 1; i >= 0; i--) {
            if (places.located[i] >= 0) {
                long found = versionOf(places.parts.get(i), places.located[i], id);
                if (found > 0) {
                    return found;
                }
            }
        }
        return 0;
    }

    private long versionOf(KeyIndex part, int located, UUID id) {
        if (part instanceof MemoryIndex memory) {
            return memory.versionOf(located, id);
        }
        long position = find(part, located, id);
        return position == 0 ? 0 : event(position).version();
    }

    /**
     * Returns events of the stream up to position {@code upTo}, in {@code direction} from version {@code from} on, at
     * most {@code max}; null if there are no more.
     */
    @Nullable StreamPage page(Key stream, long from, long upTo, Direction direction, int max) {
        return repairing(() -> {
            List<KeyIndex> all = parts.all();
            if (from == 1 && direction == Direction.FORWARDS) {
                load(all, stream);
            }
            return direction == Direction.FORWARDS
                    ? StreamPage.forwards(all, stream, from, upTo, max)
                    : StreamPage.backwards(all, stream, from, upTo, max);
        });
    }

    /**
     * Returns positions of events that may match {@code plan}, in {@code direction} from {@code from} on, at most
     * {@code max}; empty if there are no more.
     */
    long[] page(QueryPlan plan, long from, Direction direction, int max) {
        return repairing(() -> {
            List<KeyIndex> all = parts.all();
            int step = direction == Direction.FORWARDS ? 1 : -1;
            for (int i = PositionList.indexOf(all, from); i >= 0 && i < all.size(); i += step) {
                long start = from - all.get(i).firstPosition();
                int first = Math.clamp(start, direction == Direction.FORWARDS ? 0 : -1, Integer.MAX_VALUE);
                int[] ordinals = plan.page(all.get(i), first, direction, max, damages.isEmpty());
                if (ordinals.length > 0) {
                    long[] positions = new long[ordinals.length];
                    for (int j = 0; j < positions.length; j++) {
                        positions[j] = all.get(i).firstPosition() + ordinals[j];
                    }
                    return positions;
                }
            }
            return new long[0];
        });
    }

    /** Reads what several files know of a stream into memory, at the same time, unless it is there. */
    private static void load(List<KeyIndex> parts, Key stream) {
        List<KeyTable> cold = new ArrayList<>(0);
        for (KeyIndex part : parts) {
            if (part instanceof KeyTable table && !table.isLoaded(stream)) {
                cold.add(table);
            }
        }
        if (cold.size() > 1) {
            PageLoader.together(cold.size(), i -> cold.get(i).load(stream));
        }
    }

    /** Returns the event at {@code position}, which is there, checked. */
    RecordedEvent event(long position) {
        return new RecordDecoder().decode(segment(position), position);
    }

    /** Returns the segment that holds {@code position}, or the nearest one. */
    Segment segment(long position) {
        List<Segment> all = segments.all();
        return all.get(PositionList.indexOf(all, position));
    }

    /** Has a damaged file replaced. */
    void repair(IndexFile.DamagedException damage) {
        repair.accept(damage.file());
    }

    private <T extends @Nullable Object> T repairing(Supplier<T> lookup) {
        while (true) {
            try {
                return lookup.get();
            } catch (IndexFile.DamagedException e) {
                repair(e);
            } catch (InternalError e) {
                throw new StoreException.Unavailable(
                        "the disk cannot give bytes that it gave before; close and open the store again", e);
            }
        }
    }
}
