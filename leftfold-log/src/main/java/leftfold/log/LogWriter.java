// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.HeadSignal;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that owns the tail of the log. While one group is synced the next appends queue, and become the next
 * group: the slower the disk, the larger the groups, without a timer.
 *
 * <p>After a write or sync has failed nobody knows what is on the disk, and asking the disk again can lie (a second
 * fsync may report success for pages that were dropped), so the writer refuses every later append with the first cause.
 */
final class LogWriter implements Group.Room {
    private static final System.Logger LOGGER = System.getLogger(LogWriter.class.getName());
    private static final int QUEUE_APPENDS_MAX = 4_096;

    private final BlockingQueue<Work> queue = new ArrayBlockingQueue<>(QUEUE_APPENDS_MAX);
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final FrameBuffer buffer = new FrameBuffer();
    private final List<PendingAppend> taken = new ArrayList<>();
    private final LogIndex index;
    private final Tail tail;
    private final HeadSignal signal;
    private final InstantSource clock;
    private final Indexer indexer;
    private long lastRecordedMicros;
    private @Nullable PendingAppend carried; // taken, but for the next group
    private @Nullable PendingRestore restoring; // taken, but for a frame of its own
    private @Nullable Throwable broken;
    private boolean stopping;

    /** What the thread is asked to do. */
    private sealed interface Work {
        record Write(PendingAppend pending) implements Work {}

        record Restore(PendingRestore pending) implements Work {}

        record Stop() implements Work {}
    }

    /** Creates the writer; its thread starts with the first append. */
    LogWriter(LogIndex index, Tail tail, HeadSignal signal, InstantSource clock, Indexer indexer) {
        this.index = index;
        this.tail = tail;
        this.signal = signal;
        this.clock = clock;
        this.indexer = indexer;
        long head = index.head();
        this.lastRecordedMicros =
                head == 0 ? Long.MIN_VALUE : micros(index.segment(head).recordedAt(head));
    }

    /**
     * Takes an append, waiting while too many others wait.
     *
     * @throws IllegalStateException if the writer is closed
     */
    CompletableFuture<AppendResult> submit(Append append) {
        PendingAppend pending = PendingAppend.of(append, index);
        submit(new Work.Write(pending));
        return pending.result();
    }

    /**
     * Takes events of another log that fit together, waiting while too many others wait.
     *
     * @throws IllegalStateException if the writer is closed
     */
    CompletableFuture<@Nullable Void> submit(List<RecordedEvent> events) {
        PendingRestore pending = new PendingRestore(events, new CompletableFuture<>());
        submit(new Work.Restore(pending));
        return pending.result();
    }

    private void submit(Work work) {
        signal.checkOpen();
        if (started.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("leftfold-log-writer").start(this::run);
        }
        putUninterruptibly(work);
        if (stopped.getCount() == 0) {
            refuseWaiting();
        }
    }

    /** Finishes what was submitted, stops the thread and closes the tail. */
    void close() throws IOException {
        if (started.compareAndSet(false, true)) {
            stopped.countDown(); // no thread will take what is submitted at this moment
            refuseWaiting();
        } else {
            stop();
        }
        tail.close();
    }

    private void stop() {
        putUninterruptibly(new Work.Stop());
        boolean interrupted = false;
        while (stopped.getCount() > 0) {
            try {
                stopped.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        refuseWaiting();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void putUninterruptibly(Work work) {
        boolean interrupted = false;
        while (true) {
            try {
                queue.put(work);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!stopping || carried != null) {
                settleNext();
                settleRestored();
            }
        } finally {
            stopped.countDown();
        }
    }

    /** Takes what waits, and commits and answers it, whatever goes wrong: nobody may wait for ever. */
    private void settleNext() {
        Group group = null;
        try {
            takeNext();
            if (broken != null) {
                failTaken(LogWriter::refusal, broken);
            } else if (!taken.isEmpty()) {
                group = new Group(index, buffer, this, nowMicros());
                group.add(taken.getFirst());
                addWaiting(group);
                commit(group);
            }
        } catch (Throwable e) {
            fail(group, e);
        } finally {
            taken.clear();
        }
    }

    /** Commits and answers what was taken to be restored, behind the group before it. */
    private void settleRestored() {
        PendingRestore pending = restoring;
        restoring = null;
        if (pending == null) {
            return;
        }
        try {
            if (broken != null) {
                throw refusal(broken);
            }
            RestoredGroup restored = new RestoredGroup(index, buffer, this, pending.events());
            restored.add(lastRecordedAt());
            commit(restored);
            pending.result().complete(null);
        } catch (StoreException e) {
            pending.result().completeExceptionally(e);
        } catch (NoRoomException e) {
            pending.result().completeExceptionally(e.refusal());
        } catch (Throwable e) {
            fail(null, e);
            pending.result().completeExceptionally(unknown(e));
        }
    }

    private Instant lastRecordedAt() {
        return lastRecordedMicros == Long.MIN_VALUE
                ? Instant.MIN
                : Instant.EPOCH.plus(lastRecordedMicros, ChronoUnit.MICROS);
    }

    private void takeNext() throws InterruptedException {
        PendingAppend first = carried;
        carried = null;
        if (first == null) {
            take(queue.take());
        } else {
            taken.add(first);
        }
    }

    private void take(Work work) {
        switch (work) {
            case Work.Write(PendingAppend pending) -> taken.add(pending);
            case Work.Restore(PendingRestore pending) -> restoring = pending;
            case Work.Stop() -> stopping = true;
        }
    }

    private void addWaiting(Group group) throws IOException {
        while (!group.isFull()) {
            Work work = queue.poll();
            if (work == null) {
                return;
            }
            take(work);
            if (stopping || restoring != null) {
                return;
            }
            if (!group.add(taken.getLast())) {
                carried = taken.removeLast();
                return;
            }
        }
    }

    private void commit(Group group) throws IOException {
        if (group.events() > 0) {
            tail.write(buffer, group.firstPosition(), group.events());
            index.active().publish();
            lastRecordedMicros = group.recordedMicros();
            signal.advance(index.head());
        }
        group.answer();
    }

    private void commit(RestoredGroup restored) throws IOException {
        tail.write(buffer, restored.firstPosition(), restored.events());
        index.active().publish();
        lastRecordedMicros = restored.recordedMicros();
        signal.advance(index.head());
    }

    @Override
    public int offset(int length) {
        return tail.hasRoom(length) ? tail.end() : -1;
    }

    @Override
    public void roll(int length, long position) throws IOException {
        indexer.awaitRoom();
        Tail.Next next;
        try {
            next = tail.prepareNext(length, position);
        } catch (IOException e) {
            throw new NoRoomException(e);
        }
        tail.switchTo(next);
        index.begin(tail.segment());
        indexer.wake();
    }

    private void fail(@Nullable Group group, Throwable cause) {
        broken = cause;
        if (group != null) {
            group.answerRefused();
        }
        failTaken(LogWriter::unknown, cause);
        LOGGER.log(Level.ERROR, "log writer stopped after a failed write: cause={0}", cause.toString());
    }

    /** Fails what was taken and has no answer yet, each with an exception of its own: it becomes its caller's. */
    private void failTaken(Function<Throwable, StoreException> failure, Throwable cause) {
        taken.forEach(pending -> pending.result().completeExceptionally(failure.apply(cause)));
    }

    private static StoreException unknown(Throwable cause) {
        return new StoreException.OutcomeUnknown(
                "writing the log failed (" + cause.getMessage()
                        + "); whether the append was stored is not known: close the store, open it and ask again",
                cause);
    }

    private static StoreException refusal(Throwable cause) {
        return new StoreException.Unavailable(
                "an earlier write failed (" + cause.getMessage() + "); close and open the store again", cause);
    }

    private void refuseWaiting() {
        for (Work work = queue.poll(); work != null; work = queue.poll()) {
            CompletableFuture<?> waiting = switch (work) {
                case Work.Write(PendingAppend pending) -> pending.result();
                case Work.Restore(PendingRestore pending) -> pending.result();
                case Work.Stop() -> null;
            };
            if (waiting != null) {
                waiting.completeExceptionally(new IllegalStateException("the store is closed"));
            }
        }
    }

    private long nowMicros() {
        return Math.max(lastRecordedMicros, micros(clock.instant()));
    }

    /** Returns the whole microseconds from 1970 to {@code instant}. */
    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant.truncatedTo(ChronoUnit.MICROS));
    }

    /** The next segment could not be made; the log is as before. */
    static final class NoRoomException extends IOException {
        private final IOException reason;

        NoRoomException(IOException reason) {
            super(reason);
            this.reason = reason;
        }

        /** Returns what the caller of the append is told. */
        StoreException refusal() {
            return new StoreException.Unavailable(
                    "no room for the next segment (" + reason.getMessage()
                            + "); nothing was written; free space on its disk and append again",
                    reason);
        }
    }
}
