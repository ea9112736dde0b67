// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import leftfold.store.Direction;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import org.jspecify.annotations.Nullable;

/**
 * Where everything is: derived from the segments, kept in memory, changed by the writer thread alone and only after
 * the events are durable. Safe for use by many threads, by one lock that is held for lookups only, never for I/O but
 * the page faults of a mapped file.
 */
final class LogIndex implements SegmentScan.Visitor {
    /** A stream's last event. */
    record Head(long version, long position) {
        static final Head NONE = new Head(0, 0);
    }

    /** Where a stream's event stands, and the position of the stream's event before it; 0 for none. */
    record Place(long position, long version, long previousPosition) {
        static final Place NONE = new Place(0, 0, 0);
    }

    /** Events of one segment, in the order of a read; an offset of 0 stands for a lost one. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and made for every page of every read
    record Page(Segment segment, int[] ordinals, int[] offsets) {
        int size() {
            return ordinals.length;
        }

        long position(int index) {
            return segment.firstPosition() + ordinals[index];
        }
    }

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final List<Segment> segments = new ArrayList<>();
    private final Map<StreamId, Head> heads = new HashMap<>();
    private final List<StreamId> streams = new ArrayList<>();
    private final IdTable ids = new IdTable();
    private final List<Damage> damages = new ArrayList<>();

    /** Adds the next segment, before its events. */
    void add(Segment segment) {
        locked(() -> segments.add(segment));
    }

    @Override
    public void event(Segment segment, RecordedEvent event, int offset, long previousPosition) {
        Head head = heads.getOrDefault(event.stream(), Head.NONE);
        boolean follows = event.version() == head.version() + 1 && previousPosition == head.position();
        if (!follows && damages.isEmpty()) {
            damages.add(new Damage(
                    segment.path(),
                    offset,
                    "version " + event.version() + " of " + event.stream() + " follows version " + head.version(),
                    event.position(),
                    event.position() - 1));
        }
        add(segment, event, offset);
    }

    @Override
    public void lost(Segment segment, Damage damage) {
        damages.add(damage);
        if (damage.lastPosition() != Long.MAX_VALUE && damage.lastPosition() >= segment.nextPosition()) {
            segment.skipTo(damage.lastPosition() + 1);
        }
    }

    /**
     * Adds what one group commit made durable, and has it published before anybody can look it up: who has seen an
     * event here finds it below the head too.
     */
    void addAll(Segment segment, List<RecordedEvent> events, IntList offsets, Runnable publish) {
        locked(() -> {
            for (int i = 0; i < events.size(); i++) {
                add(segment, events.get(i), offsets.get(i));
            }
            publish.run();
        });
    }

    private void add(Segment segment, RecordedEvent event, int offset) {
        segment.add(event, offset);
        Head before = heads.put(event.stream(), new Head(event.version(), event.position()));
        if (before == null) {
            streams.add(event.stream());
        }
        ids.add(event.stream(), event.id(), event.position());
    }

    /** Returns the damages found when the store was opened; then they never change. */
    List<Damage> damages() {
        return damages;
    }

    int segmentCount() {
        return reading(segments::size);
    }

    /** Returns the last position; 0 if there is no event. */
    long head() {
        return reading(() -> segments.isEmpty() ? 0 : segments.getLast().nextPosition() - 1);
    }

    /** Returns the stream's last event; {@link Head#NONE} if it does not exist. */
    Head head(StreamId stream) {
        return reading(() -> heads.getOrDefault(stream, Head.NONE));
    }

    /** Returns the number of streams. */
    int streamCount() {
        return reading(streams::size);
    }

    /** Returns the stream that was the {@code ordinal}-th to come, from 0. */
    StreamVersion stream(int ordinal) {
        return reading(() -> {
            StreamId stream = streams.get(ordinal);
            return new StreamVersion(
                    stream, heads.getOrDefault(stream, Head.NONE).version());
        });
    }

    /** Returns the position of the event with this id in the stream; 0 if it is not there. */
    long find(StreamId stream, UUID id) {
        return reading(() -> ids.find(stream, id, position -> {
            Segment segment = segment(position);
            int offset = segment.offset((int) (position - segment.firstPosition()));
            return EventRecord.id(segment.bytes(), offset).equals(id)
                    && segment.event(offset).stream().equals(stream);
        }));
    }

    /** Returns the number of events of {@code stream} that are not lost. */
    long count(StreamId stream) {
        return reading(() -> {
            long count = 0;
            for (Segment segment : segments) {
                IntList ordinals = segment.postings().stream(stream);
                count += ordinals == null ? 0 : ordinals.size();
            }
            return count;
        });
    }

    /** Returns the first event of {@code stream} at {@code version} or above; {@link Place#NONE} if there is none. */
    Place place(StreamId stream, long version) {
        return reading(() -> {
            Place found = Place.NONE;
            for (int i = segments.size() - 1; i >= 0; i--) {
                Segment segment = segments.get(i);
                IntList ordinals = segment.postings().stream(stream);
                if (ordinals == null) {
                    continue;
                }
                if (segment.version(ordinals.last()) < version) {
                    break;
                }
                found = segment.place(firstAtOrAbove(segment, ordinals, version));
            }
            return found;
        });
    }

    private static int firstAtOrAbove(Segment segment, IntList ordinals, long version) {
        int low = 0;
        int high = ordinals.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (segment.version(ordinals.get(middle)) < version) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return ordinals.get(low);
    }

    /**
     * Returns the next events that may match {@code query}, from {@code from} on in {@code direction}, at most
     * {@code max}; null if there are no more.
     */
    @Nullable Page page(Query query, long from, Direction direction, int max) {
        return reading(() -> {
            int step = direction == Direction.FORWARDS ? 1 : -1;
            for (int i = ordinal(from); i >= 0 && i < segments.size(); i += step) {
                Segment segment = segments.get(i);
                long start = from - segment.firstPosition();
                int first = Math.clamp(start, direction == Direction.FORWARDS ? 0 : -1, Integer.MAX_VALUE);
                int[] ordinals = segment.postings().page(query, first, direction, max);
                if (ordinals.length > 0) {
                    return page(segment, ordinals);
                }
            }
            return null;
        });
    }

    private static Page page(Segment segment, int[] ordinals) {
        int[] offsets = new int[ordinals.length];
        for (int i = 0; i < ordinals.length; i++) {
            offsets[i] = segment.offset(ordinals[i]);
        }
        return new Page(segment, ordinals, offsets);
    }

    private Segment segment(long position) {
        return segments.get(ordinal(position));
    }

    /** Returns the index of the segment that holds {@code position}, or of the nearest one. */
    private int ordinal(long position) {
        int low = 0;
        int high = segments.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments.get(middle).firstPosition() <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private <T extends @Nullable Object> T reading(Supplier<T> lookup) {
        lock.readLock().lock();
        try {
            return lookup.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    private void locked(Runnable change) {
        lock.writeLock().lock();
        try {
            change.run();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
