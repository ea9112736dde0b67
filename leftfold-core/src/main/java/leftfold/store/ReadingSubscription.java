// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Spliterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A subscription made of reads: whatever a store can read it can follow. For implementers of stores whose readers see
 * positions strictly in order, up to the {@link HeadSignal}, and whose streams need no closing: a read goes on from
 * batch to batch, and is left where it is when the subscription is closed.
 */
public final class ReadingSubscription implements Subscription {
    private final EventStore store;
    private final HeadSignal signal;
    private final Query query;
    private long position;
    private @Nullable Reading reading;
    private volatile boolean closed;

    /** A read that goes on from batch to batch, so that a store can read ahead; up to the head at its beginning. */
    private record Reading(Stream<RecordedEvent> stream, Spliterator<RecordedEvent> events, long head) {
        /** Adds the next event to {@code to}; returns whether there was one. */
        boolean next(List<RecordedEvent> to) {
            int before = to.size();
            return events.tryAdvance(event -> {
                        if (event.position() <= head) {
                            to.add(event);
                        }
                    })
                    && to.size() > before;
        }
    }

    /** Creates a follower of {@code store}, whose end is {@code signal}, that begins after {@code after}. */
    public ReadingSubscription(EventStore store, HeadSignal signal, Query query, long after) {
        if (after < 0) {
            throw new IllegalArgumentException("a position is 0 or more, not " + after);
        }
        this.store = store;
        this.signal = signal;
        this.query = query;
        this.position = after;
    }

    @Override
    public Batch next(int eventsMax, Duration wait) throws InterruptedException {
        if (eventsMax < 1) {
            throw new IllegalArgumentException("a batch has room for at least 1 event, not " + eventsMax);
        }
        long start = System.nanoTime();
        while (true) {
            checkOpen();
            Batch batch = readOn(eventsMax);
            Duration left = wait.minusNanos(System.nanoTime() - start);
            if (!batch.events().isEmpty() || left.isNegative() || left.isZero()) {
                return batch;
            }
            signal.await(position, left, () -> closed);
        }
    }

    @Override
    public void close() {
        closed = true;
        signal.wake();
    }

    private Batch readOn(int eventsMax) {
        if (reading != null && reading.head <= position) {
            end();
        }
        Reading current = reading;
        boolean begins = current == null;
        long head = current == null ? signal.head() : current.head;
        if (head <= position) {
            return new Batch(List.of(), position, head);
        }
        List<RecordedEvent> events = new ArrayList<>();
        boolean whole = false;
        try {
            if (current == null) {
                current = begin(head);
            }
            while (events.size() < eventsMax && !whole) {
                whole = !current.next(events);
            }
        } catch (StoreException.Corrupt damage) {
            end();
            if (events.isEmpty()) {
                throw damage; // what is whole before it has been delivered
            }
        } catch (RuntimeException | Error e) {
            end();
            throw e; // the next call begins again where the last batch ended
        }
        if (whole) {
            end();
        }
        position = whole ? head : events.getLast().position();
        // What was appended during a single batch does not put the follower behind; during many it does.
        return new Batch(events, position, begins && whole ? head : signal.head());
    }

    private Reading begin(long head) {
        Stream<RecordedEvent> stream = store.read(query, position + 1, Direction.FORWARDS, Long.MAX_VALUE);
        Reading begun = new Reading(stream, stream.spliterator(), head);
        reading = begun;
        return begun;
    }

    private void end() {
        Reading ended = reading;
        reading = null;
        if (ended != null) {
            ended.stream.close();
        }
    }

    private void checkOpen() {
        signal.checkOpen();
        if (closed) {
            throw new IllegalStateException("the subscription is closed");
        }
    }
}
