// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: while one call of the database is under way the appends that come wait, and the next call takes them
 * all. A caller that finds nobody waiting appends on its own thread. Safe for use by many threads.
 *
 * <p>Callers who were answered together mostly come again together. What a call costs is for a good part the same for
 * one append as for many, so after a group the writer waits a little for as many to come.
 */
final class GroupWriter implements AutoCloseable {
    private static final int QUEUE_MAX = 8_192;
    private static final int PATIENCE = 8; // the part of the last call's time for which the writer waits at most
    private static final long PATIENCE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(5); // a call that hung says nothing

    private final Appender appender;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("leftfold-postgres-writer").unstarted(this::run);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private final ReentrantLock turn = new ReentrantLock(); // who has it uses the appender
    private int wanted = 1; // how many are to be in the queue before the writer is woken
    private long patienceNanos;
    private boolean started;
    private boolean closed;

    GroupWriter(Appender appender) {
        this.appender = appender;
    }

    /** Appends at once if nobody waits, else with the next group; the result is there or will be. */
    CompletableFuture<AppendResult> append(Append append) {
        // Not on a virtual thread: an interrupt there closes the socket.
        if (!Thread.currentThread().isVirtual() && turn.tryLock()) {
            try {
                Waiting alone = alone(append);
                if (alone != null) {
                    appender.settle(List.of(alone));
                    return alone.result();
                }
            } finally {
                turn.unlock();
            }
        }
        return submit(append);
    }

    /** Appends with the next group. Waits only while thousands wait. */
    CompletableFuture<AppendResult> submit(Append append) {
        Waiting waiting = new Waiting(append);
        lock.lock();
        try {
            while (queue.size() >= QUEUE_MAX && !closed) {
                room.awaitUninterruptibly();
            }
            checkOpen();
            if (!started) {
                started = true;
                thread.start();
            }
            queue.add(waiting);
            if (queue.size() >= wanted) {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
        return waiting.result();
    }

    /** Returns the append if nobody came before; null otherwise. */
    private @Nullable Waiting alone(Append append) {
        lock.lock();
        try {
            checkOpen();
            return queue.isEmpty() && wanted == 1 ? new Waiting(append) : null;
        } finally {
            lock.unlock();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
    }

    private void run() {
        while (awaitWork()) {
            turn.lock();
            try {
                List<Waiting> group = next();
                if (!group.isEmpty()) {
                    settle(group);
                }
            } finally {
                turn.unlock();
            }
        }
    }

    private void settle(List<Waiting> group) {
        long start = System.nanoTime();
        try {
            appender.settle(group);
        } catch (RuntimeException | Error e) {
            group.forEach(one -> one.result().completeExceptionally(e)); // those that were settled stay so
        }
        expect(group.size(), Math.min((System.nanoTime() - start) / PATIENCE, PATIENCE_NANOS_MAX));
    }

    private void expect(int size, long nanos) {
        lock.lock();
        try {
            wanted = size;
            patienceNanos = nanos;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether there is something to do; false once the writer is closed and all is done. */
    private boolean awaitWork() {
        lock.lock();
        try {
            awaitAsMany();
            wanted = 1;
            while (queue.isEmpty() && !closed) {
                work.awaitUninterruptibly();
            }
            return !queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void awaitAsMany() {
        long left = patienceNanos;
        try {
            while (queue.size() < wanted && left > 0 && !closed) {
                left = work.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            return; // what hangs on a result runs on this thread and may interrupt it; that ends nothing but this wait
        }
    }

    /** Takes those out of the queue that may go together. */
    private List<Waiting> next() {
        lock.lock();
        try {
            Group group = new Group();
            List<Waiting> taken = new ArrayList<>();
            for (Iterator<Waiting> all = queue.iterator(); all.hasNext() && !group.isFull(); ) {
                Waiting waiting = all.next();
                if (group.add(waiting.append())) {
                    taken.add(waiting);
                    all.remove();
                }
            }
            room.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether this thread is settling appends, for the end of which {@link #close} would wait. */
    boolean isWritingHere() {
        return turn.isHeldByCurrentThread();
    }

    /** Takes no more appends, and returns once those under way are settled. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            work.signal();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        turn.lock();
        try {
            appender.close();
        } finally {
            turn.unlock();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
