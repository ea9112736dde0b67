// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.HeadSignal;
import leftfold.store.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Who owns the tail of the log: a thread, or in its turn a caller. While one group is synced the next appends queue,
 * and become the thread's next group: the slower the disk, the larger the groups, without a timer. Where nobody queues,
 * a caller who waits anyway commits his append himself, which saves two changes of threads.
 */
final class LogWriter {
    private static final System.Logger LOGGER = System.getLogger(LogWriter.class.getName());
    private static final int QUEUE_APPENDS_MAX = 4_096;

    private final BlockingQueue<Work> queue = new ArrayBlockingQueue<>(QUEUE_APPENDS_MAX);
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicInteger unsettled = new AtomicInteger(); // how much was given to the thread and is not settled
    private final ReentrantLock turn = new ReentrantLock(); // guards the rest, and what says it is the writer's
    private final List<PendingAppend> taken = new ArrayList<>();
    private final LogIndex index;
    private final Committer committer;
    private final HeadSignal signal;
    private @Nullable PendingAppend carried; // taken, but for the next group
    private @Nullable PendingRestore restoring; // taken, but for a frame of its own
    private boolean alone = true; // whether the last group was of one append
    private boolean stopping;

    /** What the thread is asked to do. */
    private sealed interface Work {
        record Write(PendingAppend pending) implements Work {}

        record Restore(PendingRestore pending) implements Work {}

        record Stop() implements Work {}
    }

    /** Creates the writer; its thread starts with the first append that no caller commits himself. */
    LogWriter(LogIndex index, Committer committer, HeadSignal signal) {
        this.index = index;
        this.committer = committer;
        this.signal = signal;
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
     * Takes an append as {@link #submit(Append)} does, but may commit and answer it on this thread. A virtual thread
     * leaves that to the writer's, for it would block what carries it.
     *
     * @throws IllegalStateException if the writer is closed
     */
    CompletableFuture<AppendResult> submitOrCommit(Append append) {
        PendingAppend pending = PendingAppend.of(append, index);
        if (Thread.currentThread().isVirtual() || !tryCommit(pending)) {
            submit(new Work.Write(pending));
        }
        return pending.result();
    }

    /** Commits and answers {@code pending} unless somebody else appends, or the writer has more to do than that. */
    private boolean tryCommit(PendingAppend pending) {
        if (unsettled.get() > 0 || !turn.tryLock()) {
            return false;
        }
        try {
            if (unsettled.get() > 0 || !alone || stopping || !committer.hasRoom(pending)) {
                return false;
            }
            committer.settle(List.of(pending), group -> {});
            return true;
        } finally {
            turn.unlock();
        }
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
        unsettled.incrementAndGet();
        Uninterrupted.run(() -> queue.put(work));
        if (stopped.getCount() == 0) {
            refuseWaiting();
        }
    }

    /** Returns whether this thread is settling appends, for the end of which {@link #close} would wait. */
    boolean isWritingHere() {
        return turn.isHeldByCurrentThread();
    }

    /** Finishes what was submitted, stops the thread and closes the tail. */
    void close() throws IOException {
        if (started.compareAndSet(false, true)) {
            turn.lock(); // a caller may be committing
            try {
                stopping = true;
            } finally {
                turn.unlock();
            }
            stopped.countDown(); // no thread will take what is submitted at this moment
        } else {
            Uninterrupted.run(() -> queue.put(new Work.Stop()));
            Uninterrupted.run(stopped::await);
        }
        refuseWaiting();
        committer.close();
    }

    private Work nextUninterruptibly() {
        while (true) {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                LOGGER.log(Level.DEBUG, "the log writer was interrupted, and goes on");
            }
        }
    }

    private void run() {
        try {
            boolean more = true;
            while (more) {
                Work next = nextUninterruptibly();
                turn.lock();
                try {
                    more = settle(next);
                } finally {
                    turn.unlock();
                }
            }
        } finally {
            stopped.countDown();
        }
    }

    /** Settles {@code next}, what waits behind it and what is carried over; returns whether to go on. */
    private boolean settle(Work next) {
        take(next);
        while (!taken.isEmpty() || restoring != null) {
            settleTaken();
            settleRestored();
            PendingAppend first = carried;
            if (first != null) {
                taken.add(first);
                carried = null;
            }
        }
        return !stopping;
    }

    private void settleTaken() {
        if (!taken.isEmpty()) {
            committer.settle(taken, this::addWaiting);
            alone = taken.size() == 1;
            unsettled.addAndGet(-taken.size());
            taken.clear();
        }
    }

    private void settleRestored() {
        PendingRestore pending = restoring;
        if (pending != null) {
            restoring = null;
            committer.settle(pending);
            unsettled.decrementAndGet();
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
}
