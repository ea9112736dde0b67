// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.io.InterruptedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.RestorableStore;
import leftfold.store.StoreException;

/**
 * Brings what one log holds into another, page by page. What the other log holds already is the beginning of this one,
 * or it is refused; so the same copy again goes on where it was. Confined to one thread.
 */
final class LogCopy {
    private final EventStore source;
    private final RestorableStore target;
    private final long end;

    /** Prepares to copy what {@code source} holds now. */
    LogCopy(EventStore source, RestorableStore target) {
        this.source = source;
        this.target = target;
        this.end = source.head();
    }

    /** Returns the position up to which is copied: the source's head when this was made. */
    long end() {
        return end;
    }

    /**
     * Refuses a target that holds more than the source; the part that both have is not looked at.
     *
     * @throws Refusal if the target's head lies behind that of the source
     */
    void checkNotAhead() {
        long head = target.head();
        if (head > end) {
            throw Refusal.failed("the target ends at position " + head + ", after the end of the source at " + end
                    + "; copy into a new store, or the other way round");
        }
    }

    /**
     * Refuses a target whose last event, or the last that both have, is not the source's at that position.
     *
     * @throws Refusal if it is not
     */
    void checkLast() {
        long last = Math.min(target.head(), end);
        if (last > 0) {
            checkSame(at(source, last), at(target, last));
        }
    }

    private static RecordedEvent at(EventStore store, long position) {
        try (Stream<RecordedEvent> events = store.read(Query.all(), position, Direction.FORWARDS, 1)) {
            return events.findFirst()
                    .orElseThrow(() -> Refusal.failed("no event at position " + position + " of " + store.id()));
        }
    }

    /**
     * Copies what the target does not have yet.
     *
     * @param progress is told the last position that is durable in the target
     * @return the number of events
     * @throws Refusal if the target can take no more now; whole pages before that are in it
     * @throws StoreException if the source cannot be read, or somebody else writes to the target; as above
     * @throws InterruptedIOException if the thread is interrupted; as above
     */
    long copy(LongConsumer progress) throws InterruptedIOException {
        long start = target.head();
        long done = start;
        try (PageReader pages = new PageReader(source, start + 1, end)) {
            for (List<RecordedEvent> page = pages.next(); !page.isEmpty(); page = pages.next()) {
                target.restore(page);
                done = page.getLast().position();
                progress.accept(done);
            }
        } catch (StoreException.OutcomeUnknown | StoreException.Unavailable e) {
            throw Refusal.failed(e.getMessage() + " (the target has what is before position " + (done + 1)
                    + "; the same command again goes on from there)");
        }
        return done - start;
    }

    /**
     * Compares every event at the positions {@code from} to {@code to}, inclusive, in both logs.
     *
     * @param progress is told the last position that was compared
     * @return the number of events
     * @throws Refusal if one differs, with the first position
     * @throws StoreException if a log cannot be read
     * @throws InterruptedIOException if the thread is interrupted
     */
    long compare(long from, long to, LongConsumer progress) throws InterruptedIOException {
        if (from > to) {
            return 0;
        }
        try (PageReader expected = new PageReader(source, from, to);
                PageReader found = new PageReader(target, from, to)) {
            Iterator<RecordedEvent> others = List.<RecordedEvent>of().iterator();
            for (List<RecordedEvent> page = expected.next(); !page.isEmpty(); page = expected.next()) {
                for (RecordedEvent event : page) {
                    if (!others.hasNext()) {
                        others = found.next().iterator();
                    }
                    if (!others.hasNext()) {
                        throw Refusal.failed("the target has no event at position " + event.position());
                    }
                    checkSame(event, others.next());
                }
                progress.accept(page.getLast().position());
            }
        }
        return to - from + 1;
    }

    private static void checkSame(RecordedEvent expected, RecordedEvent found) {
        List<String> differences = EventDifference.between(expected, found);
        if (!differences.isEmpty()) {
            throw Refusal.failed("the target holds another log: at position " + expected.position() + " it has another "
                    + String.join(", ", differences) + "; copy into a new store");
        }
    }
}
