// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A subscription made of reads: whatever a store can read it can follow. For implementers of stores whose readers see
 * positions strictly in order, up to the {@link HeadSignal}.
 */
public final class ReadingSubscription implements Subscription {
    private final EventStore store;
    private final HeadSignal signal;
    private final Query query;
    private long position;
    private volatile boolean closed;

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
            signal.await(Math.max(position, batch.head()), left, () -> closed);
        }
    }

    @Override
    public void close() {
        closed = true;
        signal.wake();
    }

    private Batch readOn(int eventsMax) {
        long head = signal.head();
        if (head <= position) {
            return new Batch(List.of(), position, head);
        }
        List<RecordedEvent> events = new ArrayList<>();
        boolean all = false;
        try (Stream<RecordedEvent> found = store.read(query, position + 1, Direction.FORWARDS, eventsMax)) {
            found.takeWhile(event -> event.position() <= head).forEachOrdered(events::add);
            all = events.size() < eventsMax;
        } catch (StoreException.Corrupt damage) {
            if (events.isEmpty()) {
                throw damage; // what is whole before it has been delivered
            }
        }
        position = all ? head : events.getLast().position();
        return new Batch(events, position, head);
    }

    private void checkOpen() {
        signal.checkOpen();
        if (closed) {
            throw new IllegalStateException("the subscription is closed");
        }
    }
}
