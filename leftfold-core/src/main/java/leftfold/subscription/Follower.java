// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import leftfold.store.Batch;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.Subscription;
import leftfold.subscription.FollowerStatus.State;
import org.jspecify.annotations.Nullable;

/**
 * Takes the events of a log, one batch after the other, into a sink, on a thread of its own, until it is closed or an
 * event fails for good; other followers go on. Safe for use by many threads.
 */
public final class Follower implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Follower.class.getName());
    private static final long UNKNOWN = -1;
    private static final Duration WAIT = Duration.ofMillis(200);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    private final String name;
    private final EventStore store;
    private final Query query;
    private final Sink sink;
    private final FollowerSettings settings;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile long position = UNKNOWN;
    private volatile long head;
    private volatile State state = new State.Running();
    private volatile boolean closing;
    private volatile @Nullable Subscription subscription;

    private Follower(String name, EventStore store, Query query, Sink sink, FollowerSettings settings) {
        this.name = name;
        this.store = store;
        this.query = query;
        this.sink = sink;
        this.settings = settings;
        this.thread = settings.threads().newThread(this::run);
    }

    /** Returns a follower, already started, that takes what matches {@code query} into {@code sink}, and closes it. */
    public static Follower start(String name, EventStore store, Query query, Sink sink, FollowerSettings settings) {
        Follower follower = new Follower(name, store, query, sink, settings);
        follower.thread.start();
        return follower;
    }

    /** Returns a follower, already started, that gives each event to {@code handler} at least once. */
    public static Follower start(
            String name, EventStore store, Query query, Checkpoints checkpoints, EventHandler handler) {
        return start(name, store, query, Sink.of(name, store.id(), checkpoints, handler), FollowerSettings.standard());
    }

    /** Returns the thread that it works on, for tests that wait for its end. */
    Thread thread() {
        return thread;
    }

    /** Returns where the follower stands. */
    public FollowerStatus status() {
        State now = state;
        long finished = finished();
        return new FollowerStatus(name, finished, Math.max(finished, latestHead()), now);
    }

    /**
     * Waits until the follower has finished everything up to {@code target}, such as the position that an append
     * returned: what is read after that shows one's own write. With 0, waits until it has begun.
     *
     * @return whether it got there; false once {@code timeout} is over or the follower has ended before
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean await(long target, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
        boolean begun = awaitPosition(0, deadline);
        while (begun && position < target) {
            if (!(state instanceof State.Running)) {
                return false;
            }
            long next = nextMatch(target);
            if (next == 0) {
                return true;
            }
            if (!awaitPosition(next, deadline)) {
                return false;
            }
        }
        return begun;
    }

    /**
     * Ends the follower once the batch under way is finished; its thread is interrupted if that takes longer than five
     * seconds. What is not finished comes again at the next start. Closing twice does nothing.
     */
    @Override
    public void close() {
        closing = true;
        Subscription open = subscription;
        if (open != null) {
            open.close();
        }
        signal();
        if (!Thread.currentThread().equals(thread) && !ended(CLOSE_WAIT)) {
            thread.interrupt();
            if (!ended(CLOSE_WAIT)) {
                LOG.log(Level.WARNING, "a follower does not end follower={0} position={1,number,#}", name, position);
            }
        }
    }

    private void run() {
        State end;
        try (sink) {
            follow();
            end = new State.Stopped();
        } catch (HandlerException e) {
            end = new State.Failed(e.event().position(), e.event().id(), cause(e));
        } catch (Throwable e) {
            end = closing && e instanceof InterruptedException
                    ? new State.Stopped()
                    : new State.Failed(finished(), null, e);
        }
        state = end;
        if (end instanceof State.Failed(long at, UUID eventId, Throwable cause)) {
            // An exception's message may quote an event's data, which stays out of logs unless asked for.
            LOG.log(
                    Level.ERROR,
                    "a follower failed follower={0} position={1,number,#} event={2} error={3}",
                    name,
                    at,
                    eventId,
                    cause.getClass().getName());
            LOG.log(Level.DEBUG, "why a follower failed follower=" + name, cause);
        }
        signal();
    }

    private void follow() throws Exception {
        begin();
        if (closing) {
            return; // perhaps without having learned where to begin
        }
        try (Subscription open = store.subscribe(query, position)) {
            subscription = open;
            while (!closing) {
                Batch batch = next(open);
                if (batch != null) {
                    head = batch.head();
                    deliver(new Delivery(batch));
                }
            }
        }
    }

    private @Nullable Batch next(Subscription open) throws InterruptedException {
        try {
            return open.next(settings.batchEventsMax(), WAIT);
        } catch (IllegalStateException e) {
            if (closing) {
                return null;
            }
            throw e;
        }
    }

    private void deliver(Delivery delivery) throws Exception {
        while (position < delivery.end() && !closing) {
            try {
                Batch part = delivery.part(position);
                sink.take(part);
                advance(part.position());
                delivery.taken();
            } catch (InterruptedException | CheckpointException e) {
                throw e;
            } catch (Exception e) {
                recover(delivery, e);
            }
        }
    }

    private void begin() throws Exception {
        Optional<Exception> failure = resume(0, Long.MAX_VALUE);
        for (int failures = 1; failure.isPresent() && !closing; failures++) {
            pause(failures, failure.get());
            failure = resume(0, Long.MAX_VALUE);
        }
    }

    /** Finds out what was taken in spite of a failure, and pauses if the same is to be tried again. */
    private void recover(Delivery delivery, Exception failure) throws Exception {
        Exception last = failure;
        boolean known = false;
        while (!known && !closing) {
            Optional<Exception> another = resume(position, delivery.end());
            known = another.isEmpty();
            last = another.orElse(last);
            int failures = delivery.failed(last, position);
            if (failures > 0) {
                pause(failures, last);
            }
        }
    }

    /** Asks the sink what it has taken; returns what went wrong where another try may help. */
    private Optional<Exception> resume(long first, long last) throws Exception {
        try {
            advance(resumeFrom(first, last));
            return Optional.empty();
        } catch (InterruptedException | CheckpointException e) {
            throw e;
        } catch (Exception e) {
            return Optional.of(e);
        }
    }

    /** Returns the sink's checkpoint, which must lie in a range: elsewhere, somebody else has moved it. */
    private long resumeFrom(long first, long last) throws Exception {
        long checkpoint = sink.checkpoint();
        if (checkpoint < first || checkpoint > last) {
            throw new CheckpointException.Moved(name, first, checkpoint);
        }
        long end = store.head();
        if (checkpoint > end) {
            throw new CheckpointException.AheadOfLog(name, checkpoint, end);
        }
        return checkpoint;
    }

    private void pause(int failures, Exception failure) throws Exception {
        Optional<Duration> pause = settings.backoff().pause(failures);
        if (pause.isEmpty()) {
            throw failure;
        }
        long left = pause.get().toNanos();
        lock.lockInterruptibly();
        try {
            while (left > 0 && !closing) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private long finished() {
        return Math.max(0, position);
    }

    private void advance(long to) {
        position = to;
        signal();
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the position of the next matching event up to {@code target}; 0 if there is none left to wait for. */
    private long nextMatch(long target) {
        if (target > store.head()) {
            return target;
        }
        try (Stream<RecordedEvent> events = store.read(query, position + 1, Direction.FORWARDS, 1)) {
            return events.mapToLong(RecordedEvent::position)
                    .filter(found -> found <= target)
                    .findFirst()
                    .orElse(0);
        }
    }

    private boolean awaitPosition(long target, long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (position < target && state instanceof State.Running) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.awaitNanos(left);
            }
            return position >= target;
        } finally {
            lock.unlock();
        }
    }

    private boolean ended(Duration wait) {
        try {
            return thread.join(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private long latestHead() {
        try {
            head = store.head();
        } catch (IllegalStateException e) {
            return head;
        }
        return head;
    }

    private static Throwable cause(HandlerException e) {
        Throwable cause = e.getCause();
        return cause == null ? e : cause;
    }
}
