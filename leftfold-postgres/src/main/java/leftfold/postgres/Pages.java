// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import leftfold.store.Direction;
import leftfold.store.RecordedEvent;

/**
 * Events in pages, each read by a statement of its own: no transaction stays open between them. The first page is read
 * at once, and so is the end, where there is more than that: what is appended later is not read. Confined to one
 * thread.
 */
final class Pages implements Iterator<RecordedEvent> {
    private static final int FIRST_PAGE = 256;
    private static final int PAGE = 2_000;

    private final Rows rows;
    private final PageSql sql;
    private final Direction direction;
    private final ToLongFunction<RecordedEvent> place;
    private long low;
    private long high;
    private long left;
    private Iterator<RecordedEvent> page = List.<RecordedEvent>of().iterator();

    private Pages(Rows rows, PageSql sql, Direction direction, Range range) {
        this.rows = rows;
        this.sql = sql;
        this.direction = direction;
        this.place = range.place;
        this.low = direction == Direction.FORWARDS ? range.from : 1;
        this.high = direction == Direction.FORWARDS ? Long.MAX_VALUE : range.from;
        this.left = range.limit;
    }

    /**
     * Which of the events that a statement finds.
     *
     * @param place an event's version or position, whichever {@code from} is
     * @param end returns the last place that there is
     */
    record Range(long from, long limit, ToLongFunction<RecordedEvent> place, LongSupplier end) {}

    /** Returns the events of {@code range}. */
    static Stream<RecordedEvent> stream(Rows rows, PageSql sql, Direction direction, Range range) {
        Pages pages = new Pages(rows, sql, direction, range);
        pages.next(FIRST_PAGE);
        if (pages.left > 0 && direction == Direction.FORWARDS) {
            pages.high = range.end.getAsLong();
        }
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(
                        pages, Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE),
                false);
    }

    @Override
    public boolean hasNext() {
        if (!page.hasNext() && left > 0) {
            next(PAGE);
        }
        return page.hasNext();
    }

    @Override
    public RecordedEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.next();
    }

    private void next(int length) {
        long wanted = Math.min(left, length);
        List<RecordedEvent> events = rows.find(EventRow::read, sql.sql(), sql.parameters(low, high, wanted));
        long bytes = 0;
        for (RecordedEvent event : events) {
            bytes += event.data().size();
        }
        left -= events.size();
        if (events.isEmpty() || (events.size() < wanted && bytes < PageSql.BYTES_MAX)) {
            left = 0;
        } else if (direction == Direction.FORWARDS) {
            low = place.applyAsLong(events.getLast()) + 1;
        } else {
            high = place.applyAsLong(events.getLast()) - 1;
        }
        page = events.iterator();
    }
}
