// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Limits;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Reads a part of a log in pages, the next one while this one is being worked on. A page ends where the time of the
 * events changes, for the events of one append have one: what an append wrote together lies in one page, unless more
 * than {@link Limits#APPEND_EVENTS_MAX} events, or {@link Limits#APPEND_BYTES_MAX}, were recorded at one time. Confined
 * to one thread; a thread of its own reads.
 */
final class PageReader implements AutoCloseable {
    private static final int EVENTS_ENOUGH = 5_000;
    private static final long BYTES_ENOUGH = 2L * 1_024 * 1_024;

    private final ExecutorService reading = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("leftfold-page-reader").factory());
    private Future<List<RecordedEvent>> next;

    // Confined to the thread that reads.
    private Stream<RecordedEvent> events = Stream.empty();
    private Iterator<RecordedEvent> rest = Collections.emptyIterator();
    private @Nullable RecordedEvent first; // of the next page

    /** Begins to read the events at positions {@code from} to {@code to}, inclusive, of a log without gaps. */
    PageReader(EventStore store, long from, long to) {
        next = reading.submit(() -> {
            events = store.read(Query.all(), from, Direction.FORWARDS, Math.max(0, to - from + 1));
            rest = events.iterator();
            return read();
        });
    }

    /**
     * Returns the next page; an empty one at the end.
     *
     * @throws InterruptedIOException if the thread is interrupted
     */
    List<RecordedEvent> next() throws InterruptedIOException {
        try {
            if (Thread.interrupted()) { // a page that is ready would be given to an interrupted thread, too
                throw new InterruptedException();
            }
            List<RecordedEvent> page = next.get();
            next = reading.submit(this::read);
            return page;
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(ExecutionException e) {
        return switch (e.getCause()) {
            case RuntimeException failure -> failure;
            case Error failure -> throw failure;
            case null, default -> throw new AssertionError("reading throws nothing that is checked", e);
        };
    }

    private List<RecordedEvent> read() {
        List<RecordedEvent> page = new ArrayList<>(EVENTS_ENOUGH);
        RecordedEvent last = first;
        long bytes = last == null ? 0 : last.event().size();
        if (last != null) {
            page.add(last);
        }
        while (rest.hasNext()) {
            RecordedEvent event = rest.next();
            bytes += event.event().size();
            boolean enough = page.size() >= EVENTS_ENOUGH || bytes > BYTES_ENOUGH;
            boolean full = page.size() == Limits.APPEND_EVENTS_MAX || bytes > Limits.APPEND_BYTES_MAX;
            if (last != null && (full || (enough && !event.recordedAt().equals(last.recordedAt())))) {
                first = event;
                return page;
            }
            page.add(event);
            last = event;
        }
        first = null;
        return page;
    }

    /** Ends reading, once the page that is being read is finished. */
    @Override
    public void close() {
        reading.execute(() -> events.close());
        reading.close();
    }
}
