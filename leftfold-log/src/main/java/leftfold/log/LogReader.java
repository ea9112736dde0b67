// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import leftfold.store.Direction;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.jspecify.annotations.Nullable;

/**
 * Reads events through the index, a page at a time. Where the log is damaged it returns what is there and then throws,
 * rather than leave events out. Safe for use by many threads.
 */
final class LogReader {
    private static final int PAGE_EVENTS_MAX = 256;

    private final LogIndex index;

    LogReader(LogIndex index) {
        this.index = index;
    }

    /** Returns the events between {@code first} and {@code last}, inclusive, that match. */
    Stream<RecordedEvent> read(Query query, long first, long last, Direction direction) {
        Cursor cursor = new Cursor(query, first, last, direction, -1);
        return stream(cursor);
    }

    /** Returns the stream's events from version {@code from} on, none after {@code head}. */
    Stream<RecordedEvent> readStream(StreamId stream, long from, long head, Direction direction) {
        LogIndex.Head end = index.head(stream);
        Query query = Query.stream(stream);
        if (direction == Direction.FORWARDS) {
            long version = Math.max(1, from);
            long first =
                    version > end.version() ? end.position() + 1 : firstFrom(index.place(stream, version), version);
            return stream(new Cursor(query, first, head, direction, version));
        }
        if (from == 0) {
            return Stream.empty();
        }
        long last = from >= end.version() ? head : Math.min(head, lastTo(index.place(stream, from), from));
        return stream(new Cursor(query, 1, last, direction, -1));
    }

    /** Returns where a read from {@code version} on begins; if that event is lost, at the gap that it left. */
    private static long firstFrom(LogIndex.Place found, long version) {
        return found.version() == version ? found.position() : found.previousPosition();
    }

    /** Returns where a read from {@code version} backwards begins; if that event is lost, in the gap that it left. */
    private static long lastTo(LogIndex.Place found, long version) {
        return found.version() == version ? found.position() : found.position() - 1;
    }

    /** Returns the position of the first event after {@code position} that matches; 0 if there is none. */
    long firstMatch(Query query, long position) {
        if (position >= index.head()) {
            return 0;
        }
        try (Stream<RecordedEvent> found = read(query, position + 1, Long.MAX_VALUE, Direction.FORWARDS)) {
            return found.mapToLong(RecordedEvent::position).findFirst().orElse(0);
        }
    }

    /** Returns the event at {@code position}, which exists. */
    RecordedEvent at(long position) {
        try (Stream<RecordedEvent> found = read(Query.all(), position, position, Direction.FORWARDS)) {
            return found.findFirst().orElseThrow();
        }
    }

    /** Returns the position of the last event recorded at or before {@code instant}, of those up to {@code head}. */
    long positionAt(Instant instant, long head) {
        long low = 0;
        long high = head;
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            if (at(middle).recordedAt().isAfter(instant)) {
                high = middle - 1;
            } else {
                low = middle;
            }
        }
        return low;
    }

    /** Refuses to answer from a stream's end if some of its events may be lost. */
    void checkEnd(StreamId stream) {
        checkNothingLost(index.head(stream).position(), Long.MAX_VALUE);
    }

    /** Refuses to say that an event is not in a stream if it may be one of those that are lost. */
    void checkAbsent(StreamId stream) {
        if (!index.damages().isEmpty()) {
            LogIndex.Head end = index.head(stream);
            boolean gapless = index.count(stream) == end.version();
            checkNothingLost(gapless ? end.position() : 0, Long.MAX_VALUE);
        }
    }

    private void checkNothingLost(long after, long before) {
        for (Damage damage : index.damages()) {
            boolean loses = damage.firstPosition() <= damage.lastPosition();
            if (loses && damage.lastPosition() > after && damage.firstPosition() < before) {
                throw new StoreException.Corrupt(
                        damage.file(), damage.offset(), damage.what() + "; lost are " + damage.positions());
            }
        }
    }

    private static Stream<RecordedEvent> stream(Iterator<RecordedEvent> events) {
        int traits = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.DISTINCT | Spliterator.IMMUTABLE;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(events, traits), false);
    }

    /** Where a read is. Confined to one thread. */
    private final class Cursor implements Iterator<RecordedEvent> {
        private final Query query;
        private final Direction direction;
        private final long last; // in the direction of the read, inclusive
        private long next;
        private long nextVersion; // of a read of one stream forwards: what must come next; else -1
        private long seen; // everything between here and next is known
        private LogIndex.@Nullable Page page;
        private int pageIndex;
        private @Nullable RecordedEvent ahead;
        private boolean done;

        Cursor(Query query, long first, long last, Direction direction, long nextVersion) {
            this.query = query;
            this.direction = direction;
            this.nextVersion = nextVersion;
            boolean forwards = direction == Direction.FORWARDS;
            this.next = forwards ? Math.max(1, first) : last;
            this.last = forwards ? last : Math.max(1, first);
            this.seen = forwards ? next - 1 : last >= index.head() ? Long.MAX_VALUE : last + 1;
        }

        @Override
        public boolean hasNext() {
            if (ahead == null && !done) {
                ahead = advance();
                done = ahead == null;
            }
            return ahead != null;
        }

        @Override
        public RecordedEvent next() {
            if (!hasNext() || ahead == null) {
                throw new NoSuchElementException();
            }
            RecordedEvent event = ahead;
            ahead = null;
            return event;
        }

        private @Nullable RecordedEvent advance() {
            while (!past(next)) {
                LogIndex.Page current = page;
                if (current == null || pageIndex == current.size()) {
                    current = index.page(query, next, direction, PAGE_EVENTS_MAX);
                    page = current;
                    pageIndex = 0;
                }
                if (current == null || past(current.position(pageIndex))) {
                    break;
                }
                long position = current.position(pageIndex);
                int offset = current.offsets()[pageIndex++];
                next = direction == Direction.FORWARDS ? position + 1 : position - 1;
                RecordedEvent event = offset == 0 ? null : current.segment().event(offset);
                if (event == null || query.matches(event)) {
                    checkUpTo(position, event);
                    return event;
                }
            }
            checkToEnd();
            return null;
        }

        private boolean past(long position) {
            return direction == Direction.FORWARDS ? position > last : position < last;
        }

        private void checkUpTo(long position, @Nullable RecordedEvent event) {
            boolean known = event != null && event.version() == nextVersion;
            if (event != null && nextVersion >= 0) {
                nextVersion = event.version() + 1;
            }
            if (!known) {
                check(seen, position);
            }
            if (event == null) {
                check(position - 1, position + 1);
            }
            seen = position;
        }

        private void checkToEnd() {
            if (direction == Direction.FORWARDS) {
                check(seen, last >= index.head() ? Long.MAX_VALUE : last + 1);
            } else {
                check(seen, last - 1);
            }
        }

        private void check(long from, long to) {
            checkNothingLost(Math.min(from, to), Math.max(from, to));
        }
    }
}
