// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import leftfold.store.Direction;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Events in pages, each read by a statement of its own: no transaction stays open between them. The first page is read
 * at once, and so is the end, where there is more than that: what is appended later is not read.
 *
 * <p>A page keeps one process of the server busy, and the reader waits for it. So in a long read the next page is read
 * at the same time as this one, on a second connection, as long as it can be told where it begins: where all events are
 * wanted, or at least half of them, for then all are read and what does not match is left out here. Confined to one
 * thread.
 */
final class Pages implements Iterator<RecordedEvent> {
    private static final PageSql EVERY = PageSql.of(Query.all(), Direction.FORWARDS);
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
    private boolean dense; // the next page is to have every event, and what does not match is left out here
    private boolean gap; // the last page had fewer events than places
    private @Nullable Ahead ahead;
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

    /** A page that is to be read. */
    private record Page(PageSql sql, long low, long high, long length) {
        List<Optional<RecordedEvent>> find(Rows rows) {
            return rows.find(EventRow::readIfThere, sql.sql(), sql.parameters(low, high, length, BYTES_MAX));
        }
    }

    /** A page that is being read on a thread of its own. */
    private record Ahead(Page page, CompletableFuture<List<Optional<RecordedEvent>>> reading) {
        List<Optional<RecordedEvent>> found() {
            try {
                return reading.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof StoreException failure) {
                    throw failure;
                }
                throw e;
            }
        }
    }

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
        boolean guessed = isDense();
        long wanted = Math.min(left, length);
        long end = guessed ? Math.min(high, low + wanted - 1) : high;
        Page now = new Page(dense ? EVERY : sql, low, end, wanted);
        Ahead before = ahead;
        ahead = guessed ? readBehind(now) : null; // not later: the two are read at the same time
        List<Optional<RecordedEvent>> found =
                before != null && before.page.equals(now) ? before.found() : now.find(rows);
        List<RecordedEvent> events = found.stream()
                .takeWhile(Optional::isPresent)
                .map(Optional::orElseThrow)
                .toList();
        boolean cut = events.size() < found.size();
        length = (int) (cut ? Math.max(1, now.length / STEP) : Math.min(PAGE, (long) length * STEP));
        gap = !cut && found.size() < now.length;
        if (!events.isEmpty()) {
            events = moveBehind(events);
        }
        left = low > high || (gap && end == high) ? 0 : left - events.size();
        page = events.iterator();
    }

    /**
     * Returns whether the next page is likely to have an event at each place from {@code low} on. Then its end is said
     * too, which no plan of the server can be far from, and the page behind it can be read already.
     */
    private boolean isDense() {
        return direction == Direction.FORWARDS && high < Long.MAX_VALUE && (dense || sql.query() == null) && !gap;
    }

    /** Begins to read the page behind {@code now}, in the middle of long reads. */
    private @Nullable Ahead readBehind(Page now) {
        long more = Math.min(left - now.length, PAGE);
        if (rows.areConfined() || now.length < PAGE || more <= 0 || now.high == high) {
            return null;
        }
        Page page = new Page(now.sql, now.high + 1, Math.min(high, now.high + more), more);
        return new Ahead(page, CompletableFuture.supplyAsync(() -> page.find(rows), Pages::start));
    }

    private static void start(Runnable reading) {
        Thread.ofPlatform().daemon().name("leftfold-postgres-read-ahead").start(reading);
    }

    /** Goes on behind a page, by its density in the one way or the other, and returns those of it that match. */
    private List<RecordedEvent> moveBehind(List<RecordedEvent> found) {
        List<RecordedEvent> events = found;
        long end = place.applyAsLong(events.getLast());
        if (direction == Direction.BACKWARDS) {
            high = end - 1;
            return events;
        }
        Query query = sql.query();
        if (query != null) {
            events = dense ? events.stream().filter(query::matches).toList() : events;
            dense = events.size() >= (end - Math.max(0, low - 1)) / 2;
        }
        low = end + 1;
        return events;
    }
}
