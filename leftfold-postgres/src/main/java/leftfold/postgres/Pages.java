// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
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
    private static final int PAGE = 2_048;
    private static final int STEP = 8;

    /** The most bytes of data in a page of more than one event: what it holds at most, whatever the events are. */
    private static final long BYTES_MAX = 16 << 20;

    private final Rows rows;
    private final PageSql sql;
    private final Direction direction;
    private final ToLongFunction<RecordedEvent> place;
    private long low;
    private long high;
    private long left;
    private int length = FIRST_PAGE;
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
        pages.read();
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
        while (!page.hasNext() && left > 0) {
            read();
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

    /** Reads the next page, up to the first event that is too large for one of its length. */
    private void read() {
        long wanted = Math.min(left, length);
        List<Optional<RecordedEvent>> found =
                rows.find(EventRow::readIfThere, sql.sql(), sql.parameters(low, high, wanted, BYTES_MAX));
        List<RecordedEvent> events = found.stream()
                .takeWhile(Optional::isPresent)
                .map(Optional::orElseThrow)
                .toList();
        boolean cut = events.size() < found.size();
        length = (int) (cut ? Math.max(1, wanted / STEP) : Math.min(PAGE, (long) length * STEP));
        left = cut || found.size() == wanted ? left - events.size() : 0;
        if (!events.isEmpty() && direction == Direction.FORWARDS) {
            low = place.applyAsLong(events.getLast()) + 1;
        } else if (!events.isEmpty()) {
            high = place.applyAsLong(events.getLast()) - 1;
        }
        page = events.iterator();
    }
}
