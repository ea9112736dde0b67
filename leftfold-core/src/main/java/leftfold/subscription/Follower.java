// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import leftfold.store.Batch;
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
    private static final Duration WAIT = Duration.ofMillis(200);
    private static final Duration LIMIT_WAIT = Duration.ofMillis(20);
    private static final Backoff UNAVAILABLE =
            failures -> Optional.of(Duration.ofMillis(Math.min(1_000, 50L * failures)));
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    private final String name;
    private final EventStore store;
    private final Query query;
    private final Sink sink;
    private final FollowerSettings settings;
    private final Pace pace;
    private final Backlog backlog;
    private final Thread thread;
    private final PositionSignal place = new PositionSignal();
    private volatile long head;
    private volatile long takingSince;
    private volatile State state = new State.Running();
    private volatile boolean closing;
    private volatile @Nullable Subscription subscription;

    private Follower(String name, EventStore store, Query query, Sink sink, FollowerSettings settings) {
        this.name = name;
        this.store = store;
        this.query = query;
        this.sink = sink;
        this.settings = settings;
        this.pace = new Pace(settings.batchEventsMax());
        this.backlog = new Backlog(store, query);
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
        long since = takingSince;
        long nanos = System.nanoTime();
        FollowerStatus.Progress progress = new FollowerStatus.Progress(
                lag(), pace.positionsPerSecond(finished, nanos), Duration.ofNanos(since == 0 ? 0 : nanos - since));
        return new FollowerStatus(name, finished, Math.max(finished, latestHead()), progress, now);
    }

    /** Returns how long the oldest event that is not finished has been waiting; zero if none is. */
    public Duration lag() {
        try {
            return backlog.age(finished(), settings.clock());
        } catch (IllegalStateException e) {
            return Duration.ZERO; // the store is closed, and nothing more will be finished
        }
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
        boolean begun = place.await(0, deadline, this::hasEnded);
        while (begun && place.position() < target) {
            if (hasEnded()) {
                return false;
            }
            long next = nextMatch(target);
            if (next == 0) {
                return true;
            }
            if (!place.await(next, deadline, this::hasEnded)) {
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
        place.wake();
        if (!Thread.currentThread().equals(thread) && !ended(CLOSE_WAIT)) {
            thread.interrupt();
            if (!ended(CLOSE_WAIT)) {
                LOG.log(
                        Level.WARNING,
                        "a follower does not end follower={0} position={1,number,#}",
                        name,
                        place.position());
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
        if (end instanceof State.Failed failed) {
            // An exception's message may quote an event's data, which stays out of logs unless asked for.
            LOG.log(
                    Level.ERROR,
                    "a follower failed follower={0} position={1,number,#} event={2} error={3}",
                    name,
                    failed.position(),
                    failed.eventId(),
                    failed.cause().getClass().getName());
            LOG.log(Level.DEBUG, "why a follower failed follower=" + name, failed.cause());
            settings.listener().failed(name, failed);
        }
        place.wake();
    }

    private void follow() throws Exception {
        int failures = 0;
        while (!closing) {
            long before = place.position();
            try {
                followFromCheckpoint();
            } catch (SinkUnavailableException e) {
                failures = place.position() > before ? 1 : failures + 1;
                waitFor(e, failures);
            }
        }
    }

    private void waitFor(SinkUnavailableException failure, int failures) throws Exception {
        String reason = String.valueOf(failure.getMessage());
        state = new State.Waiting(reason);
        settings.listener().waits(name, reason);
        place.pause(UNAVAILABLE.pause(failures).orElseThrow(), () -> closing);
    }

    private void followFromCheckpoint() throws Exception {
        begin();
        if (closing) {
            return; // perhaps without having learned where to begin
        }
        state = new State.Running();
        ReadAhead open = new ReadAhead(store.subscribe(query, place.position()));
        try (open) {
            subscription = open;
            Delivery between = new Delivery(new Batch(List.of(), Long.MAX_VALUE, 0));
            while (!closing) {
                Batch batch = next(open);
                if (batch != null) {
                    head = batch.head();
                    deliver(new Delivery(batch));
                    betweenBatches(between);
                }
            }
        } finally {
            open.awaitIdle();
        }
    }

    private void betweenBatches(Delivery between) throws Exception {
        try {
            sink.betweenBatches();
            between.taken();
        } catch (InterruptedException | CheckpointException | SinkUnavailableException e) {
            throw e;
        } catch (Exception e) {
            recover(between, e);
        }
    }

    private @Nullable Batch next(Subscription open) throws InterruptedException {
        try {
            return open.next(pace.batchEvents(), WAIT);
        } catch (IllegalStateException e) {
            if (closing) {
                return null;
            }
            throw e;
        }
    }

    private void deliver(Delivery delivery) throws Exception {
        while (place.position() < delivery.end() && !closing) {
            try {
                long limit = sink.limit();
                if (limit <= place.position()) {
                    place.pause(LIMIT_WAIT, () -> closing);
                } else {
                    take(delivery.part(place.position(), limit));
                    delivery.taken();
                }
            } catch (InterruptedException | CheckpointException | SinkUnavailableException e) {
                throw e;
            } catch (Exception e) {
                recover(delivery, e);
            }
        }
    }

    private void take(Batch part) throws Exception {
        long start = System.nanoTime();
        takingSince = start;
        try {
            sink.take(part);
        } finally {
            takingSince = 0;
        }
        long end = System.nanoTime();
        place.advance(part.position());
        pace.taken(part.events().size(), end - start, part.position(), end);
        settings.listener().taken(name, part.events().size(), Duration.ofNanos(end - start));
    }

    /** Learns where to begin: with its sink back, wherever others have taken it in the meantime. */
    private void begin() throws Exception {
        Optional<Exception> failure = resume(0, Long.MAX_VALUE);
        for (int failures = 1; failure.isPresent() && !closing; failures++) {
            pauseOrGiveUp(failures, failure.get());
            failure = resume(0, Long.MAX_VALUE);
        }
        pace.begin(finished(), System.nanoTime());
    }

    /** Finds out what was taken in spite of a failure, and pauses if the same is to be tried again. */
    private void recover(Delivery delivery, Exception failure) throws Exception {
        Exception last = failure;
        boolean known = false;
        while (!known && !closing) {
            Optional<Exception> another = resume(place.position(), delivery.end());
            known = another.isEmpty();
            last = another.orElse(last);
            int failures = delivery.failed(last, place.position());
            if (failures > 0) {
                pauseOrGiveUp(failures, last);
            }
        }
    }

    /** Asks the sink what it has taken; returns what went wrong where another try may help. */
    private Optional<Exception> resume(long first, long last) throws Exception {
        try {
            place.advance(resumeFrom(first, last));
            return Optional.empty();
        } catch (InterruptedException | CheckpointException | SinkUnavailableException e) {
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

    private void pauseOrGiveUp(int failures, Exception failure) throws Exception {
        Optional<Duration> pause = settings.backoff().pause(failures);
        if (pause.isPresent()) {
            place.pause(pause.get(), () -> closing);
        } else if (!parked(failure)) {
            throw failure;
        }
    }

    /** Puts the failed event aside, if the sink wants it so; everything before it is taken. */
    private boolean parked(Exception failure) throws Exception {
        if (!(failure instanceof HandlerException failed) || !sink.park(failed)) {
            return false;
        }
        place.advance(failed.event().position());
        settings.listener().parked(name, failed.event(), cause(failed));
        return true;
    }

    private long finished() {
        return Math.max(0, place.position());
    }

    /** Returns the position of the next matching event up to {@code target}; 0 if there is none left to wait for. */
    private long nextMatch(long target) {
        if (target > store.head()) {
            return target;
        }
        return backlog.first(place.position())
                .map(RecordedEvent::position)
                .filter(found -> found <= target)
                .orElse(0L);
    }

    private boolean hasEnded() {
        State now = state;
        return now instanceof State.Stopped || now instanceof State.Failed;
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
