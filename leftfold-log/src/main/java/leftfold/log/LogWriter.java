// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.HeadSignal;
import leftfold.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that owns the tail of the log. While one group is synced the next appends queue, and become the next
 * group: the slower the disk, the larger the groups, without a timer.
 *
 * <p>After a write or sync has failed nobody knows what is on the disk, and asking the disk again can lie (a second
 * fsync may report success for pages that were dropped), so the writer refuses every later append with the first cause.
 */
final class LogWriter {
    private static final System.Logger LOGGER = System.getLogger(LogWriter.class.getName());
    private static final int QUEUE_APPENDS_MAX = 4_096;

    private final BlockingQueue<Work> queue = new ArrayBlockingQueue<>(QUEUE_APPENDS_MAX);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final FrameBuffer buffer = new FrameBuffer();
    private final LogIndex index;
    private final LogReader reader;
    private final Tail tail;
    private final HeadSignal signal;
    private final InstantSource clock;
    private Instant lastRecordedAt;
    private @Nullable Throwable broken;
    private boolean stopping;

    /** What the thread is asked to do. */
    private sealed interface Work {
        record Write(PendingAppend pending) implements Work {}

        record Stop() implements Work {}
    }

    /** Creates the writer; {@link #start} sets it to work. */
    LogWriter(LogIndex index, Tail tail, HeadSignal signal, InstantSource clock) {
        this.index = index;
        this.reader = new LogReader(index);
        this.tail = tail;
        this.signal = signal;
        this.clock = clock;
        long head = index.head();
        this.lastRecordedAt = head == 0 || !index.damages().isEmpty()
                ? Instant.MIN
                : reader.at(head).recordedAt();
    }

    /** Starts the thread; it ends with {@link #close}. */
    void start() {
        Thread.ofPlatform().daemon().name("leftfold-log-writer").start(this::run);
    }

    /**
     * Takes an append, waiting while too many others wait.
     *
     * @throws IllegalStateException if the writer is closed
     */
    CompletableFuture<AppendResult> submit(Append append) {
        signal.checkOpen();
        PendingAppend pending = new PendingAppend(append, new CompletableFuture<>());
        putUninterruptibly(new Work.Write(pending));
        if (stopped.getCount() == 0) {
            refuseWaiting();
        }
        return pending.result();
    }

    /** Finishes what was submitted, stops the thread and closes the tail. */
    void close() throws IOException {
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
        tail.close();
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
            while (!stopping) {
                commit(nextGroup());
            }
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts the writer thread", e);
        } finally {
            stopped.countDown();
        }
    }

    private Group nextGroup() throws InterruptedException {
        Work work = queue.take();
        Group group = new Group(index, reader, buffer, now());
        while (work != null) {
            switch (work) {
                case Work.Write(PendingAppend pending) -> add(group, pending);
                case Work.Stop() -> stopping = true;
            }
            work = stopping || group.isFull() ? null : queue.poll();
        }
        return group;
    }

    private void add(Group group, PendingAppend pending) {
        if (broken != null) {
            pending.result()
                    .completeExceptionally(new StoreException.Unavailable(
                            "an earlier write failed (" + broken.getMessage() + "); close and open the store again",
                            broken));
            return;
        }
        try {
            group.add(pending);
        } catch (Throwable e) {
            fail(group, e);
            pending.result().completeExceptionally(unavailable("out of order", e));
        }
    }

    private void commit(Group group) {
        try {
            if (!group.events().isEmpty() && broken == null) {
                if (!tail.hasRoom(FrameBuffer.alignUp(buffer.length(), tail.frameAlignment()))) {
                    roll(group);
                }
                int offset =
                        tail.write(buffer, group.firstPosition(), group.events().size());
                index.addAll(tail.segment(), group.events(), group.offsets(offset));
                lastRecordedAt = group.events().getLast().recordedAt();
                signal.advance(group.firstPosition() + group.events().size() - 1);
            }
            group.answer();
        } catch (NoRoomException e) {
            group.fail(unavailable("no room for the next segment", e.getCause()));
        } catch (Throwable e) {
            fail(group, e);
        }
    }

    private void roll(Group group) throws IOException, NoRoomException {
        int length = FrameBuffer.alignUp(buffer.length(), tail.frameAlignment());
        Tail.Next next;
        try {
            next = tail.prepareNext(length, group.firstPosition());
        } catch (IOException e) {
            throw new NoRoomException(e);
        }
        tail.switchTo(next);
        index.add(tail.segment());
    }

    private void fail(Group group, Throwable cause) {
        broken = cause;
        LOGGER.log(Level.ERROR, "log writer stopped after a failed write: cause={0}", cause.toString());
        group.fail(new StoreException.OutcomeUnknown(
                "writing the log failed (" + cause.getMessage()
                        + "); whether the append was stored is not known: close the store, open it and ask again",
                cause));
    }

    private static StoreException unavailable(String what, @Nullable Throwable cause) {
        return new StoreException.Unavailable(
                what + " (" + (cause == null ? "" : cause.getMessage()) + "); nothing was written", cause);
    }

    private void refuseWaiting() {
        for (Work work = queue.poll(); work != null; work = queue.poll()) {
            if (work instanceof Work.Write(PendingAppend pending)) {
                pending.result().completeExceptionally(new IllegalStateException("the store is closed"));
            }
        }
    }

    private Instant now() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return now.isBefore(lastRecordedAt) ? lastRecordedAt : now;
    }

    /** The next segment could not be made; the log is as before. */
    private static final class NoRoomException extends Exception {
        NoRoomException(IOException cause) {
            super(cause);
        }
    }
}
