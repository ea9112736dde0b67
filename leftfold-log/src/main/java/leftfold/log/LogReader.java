// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.time.Instant;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import leftfold.store.Direction;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;

/**
 * Reads events through the index, a page at a time. Where the log is damaged it returns what is there and then throws,
 * rather than leave events out. Safe for use by many threads.
 */
final class LogReader {
    private final LogIndex index;

    LogReader(LogIndex index) {
        this.index = index;
    }

    /** Returns the events in {@code range} that match. */
    Stream<RecordedEvent> read(Query query, QueryCursor.Range range) {
        QueryPlan plan = new QueryPlan(query, index.hash());
        return StreamSupport.stream(new QueryCursor(this, index, plan, query::matches, range), false);
    }

    /** Returns the stream's events from version {@code range.first()} on, none after position {@code range.last()}. */
    Stream<RecordedEvent> readStream(StreamId stream, QueryCursor.Range range) {
        return StreamSupport.stream(new StreamCursor(this, index, stream, range), false);
    }

    /** Returns the first event of every stream, of those up to {@code head}. */
    Stream<RecordedEvent> firstEvents(long head) {
        QueryPlan plan = new QueryPlan(index.hash().first());
        return StreamSupport.stream(new QueryCursor(this, index, plan, event -> true, range(1, head)), false);
    }

    /** Returns the position of the first event after {@code position} that matches; 0 if there is none. */
    long firstMatch(Query query, long position) {
        if (position >= index.head()) {
            return 0;
        }
        try (Stream<RecordedEvent> found = read(query, range(position + 1, index.head()))) {
            return found.mapToLong(RecordedEvent::position).findFirst().orElse(0);
        }
    }

    private static QueryCursor.Range range(long first, long last) {
        return new QueryCursor.Range(first, last, Direction.FORWARDS, Long.MAX_VALUE);
    }

    /** Returns the event at {@code position}, which exists. */
    RecordedEvent at(long position) {
        checkNothingLost(position - 1, position + 1);
        return index.event(position);
    }

    /** Returns the position of the last event recorded at or before {@code instant}, of those up to {@code head}. */
    long positionAt(Instant instant, long head) {
        long low = 0;
        long high = head;
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            checkNothingLost(middle - 1, middle + 1);
            if (index.segment(middle).recordedAt(middle).isAfter(instant)) {
                high = middle - 1;
            } else {
                low = middle;
            }
        }
        return low;
    }

    /** Refuses to answer from a stream's end if some of its events may be lost. */
    void checkEnd(Key stream) {
        if (!index.damages().isEmpty()) {
            checkNothingLost(index.head(stream, Long.MAX_VALUE).position(), Long.MAX_VALUE);
        }
    }

    /** Refuses to say that an event is not in a stream if it may be one of those that are lost. */
    void checkAbsent(Key stream) {
        if (!index.damages().isEmpty()) {
            LogIndex.Head end = index.head(stream, Long.MAX_VALUE);
            boolean gapless = index.count(stream, Long.MAX_VALUE) == end.version();
            checkNothingLost(gapless ? end.position() : 0, Long.MAX_VALUE);
        }
    }

    /** Refuses to go on if a position between {@code after} and {@code before}, both exclusive, is lost. */
    void checkNothingLost(long after, long before) {
        for (Damage damage : index.damages()) {
            boolean loses = damage.firstPosition() <= damage.lastPosition();
            if (loses && damage.lastPosition() > after && damage.firstPosition() < before) {
                throw new StoreException.Corrupt(
                        damage.file(), damage.offset(), damage.what() + "; lost are " + damage.positions());
            }
        }
    }
}
