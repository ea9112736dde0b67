// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.function.Predicate;
import leftfold.store.Direction;
import leftfold.store.RecordedEvent;
import org.jspecify.annotations.Nullable;

/** A read of what matches a query, in the order of positions. Confined to one thread. */
final class QueryCursor extends Cursor {
    private final QueryPlan plan;
    private final Predicate<RecordedEvent> matches;
    private final boolean forwards;
    private final long last; // in the direction of the read, inclusive
    private final long end; // what the read covers reaches to here, exclusive, in the direction of the read
    private long next;
    private long seen; // everything between here and next is known
    private long[] page = {};
    private int pageIndex;
    private @Nullable Segment segment;
    private long head; // of the index, as far as it was looked at

    /** Positions from first to last, inclusive, to be read in a direction, and no more than so many events of them. */
    record Range(long first, long last, Direction direction, long limit) {}

    QueryCursor(LogReader reader, LogIndex index, QueryPlan plan, Predicate<RecordedEvent> matches, Range range) {
        super(reader, index, range.limit, false);
        this.plan = plan;
        this.matches = matches;
        this.forwards = range.direction == Direction.FORWARDS;
        long first = range.first;
        long last = range.last;
        boolean toHead = last >= index.head();
        this.next = forwards ? Math.max(1, first) : last;
        this.last = forwards ? last : Math.max(1, first);
        this.seen = forwards ? next - 1 : toHead ? Long.MAX_VALUE : last + 1;
        this.end = !forwards ? this.last - 1 : toHead ? Long.MAX_VALUE : last + 1;
    }

    @Override
    @Nullable RecordedEvent next() {
        for (long position = nextPosition(); position > 0; position = nextPosition()) {
            next = forwards ? position + 1 : position - 1;
            if (!index.damages().isEmpty()) {
                check(seen, next);
            }
            RecordedEvent event = event(position);
            if (plan.everything() || matches.test(event)) {
                seen = position;
                return event;
            }
        }
        check(seen, end);
        return null;
    }

    /** Returns the next position that may match; 0 if there is none. */
    private long nextPosition() {
        if (forwards ? next > last : next < last) {
            return 0;
        }
        if (plan.everything()) {
            if (next > head) {
                head = index.head();
            }
            return next > head ? 0 : next;
        }
        if (pageIndex == page.length) {
            page = index.page(plan, next, forwards ? Direction.FORWARDS : Direction.BACKWARDS, PAGE_EVENTS_MAX);
            pageIndex = 0;
        }
        if (page.length == 0) {
            return 0;
        }
        long position = page[pageIndex++];
        return (forwards ? position > last : position < last) ? 0 : position;
    }

    private RecordedEvent event(long position) {
        if (!plan.everything()) {
            return ahead.event(page, pageIndex - 1);
        }
        Segment in = segment;
        if (in == null || !in.holds(position)) {
            in = index.segment(position);
            segment = in;
        }
        return decoder.decode(in, position);
    }

    private void check(long from, long to) {
        reader.checkNothingLost(Math.min(from, to), Math.max(from, to));
    }
}
