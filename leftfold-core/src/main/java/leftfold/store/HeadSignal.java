// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Where the log ends, and a way to wait until it grows. For implementers of stores. Safe for use by many threads. */
public final class HeadSignal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile long head;
    private volatile boolean closed;

    /** Creates the signal of a log that ends at {@code head}. */
    public HeadSignal(long head) {
        this.head = head;
    }

    /** Returns the last position that readers may see. */
    public long head() {
        return head;
    }

    /** Moves the head forward and wakes who waits; what readers may see up to {@code position} must be in place. */
    public void advance(long position) {
        lock.lock();
        try {
            head = position;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes who waits, for good: {@link #checkOpen} throws from now on. */
    public void close() {
        closed = true;
        wake();
    }

    /** Wakes who waits, so that they look at their own state again. */
    public void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Refuses once the log is closed.
     *
     * @throws IllegalStateException if it is
     */
    public void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
    }

    /**
     * Refuses a read that makes no sense, or of a store that is closed.
     *
     * @throws IllegalArgumentException if {@code from} or {@code limit} is below 0
     * @throws IllegalStateException if the store is closed
     */
    public void checkRead(long from, long limit) {
        checkOpen();
        if (from < 0 || limit < 0) {
            throw new IllegalArgumentException("from and limit are 0 or more, not " + from + " and " + limit);
        }
    }

    /**
     * Waits until the head lies after {@code position}, {@code wait} is over, the log is closed or {@code ended} says
     * so. What makes {@code ended} true calls {@link #wake} afterwards.
     */
    @SuppressWarnings("WaitNotInLoop") // a caller woken early looks at its own state and waits again
    public void await(long position, Duration wait, BooleanSupplier ended) throws InterruptedException {
        long left = TimeUnit.NANOSECONDS.convert(wait);
        lock.lockInterruptibly();
        try {
            // Looked at under the lock: a wake between an earlier look and the wait would otherwise be missed.
            while (left > 0 && head <= position && !closed && !ended.getAsBoolean()) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
