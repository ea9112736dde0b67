// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** How far a follower has got, and a way to wait until it gets further. Safe for use by many threads. */
final class PositionSignal {
    private static final long UNKNOWN = -1;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile long position = UNKNOWN;

    /** Returns the position; negative before the follower knows where it begins. */
    long position() {
        return position;
    }

    /** Changes the position, and wakes who waits. */
    void advance(long to) {
        position = to;
        wake();
    }

    /** Wakes who waits, so that they look at what ended them. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the position is at least {@code target}, and returns whether it is; ends early at {@code
     * deadlineNanos}, or when {@code ended} says so.
     */
    boolean await(long target, long deadlineNanos, BooleanSupplier ended) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (position < target && !ended.getAsBoolean()) {
                long left = deadlineNanos - System.nanoTime();
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

    /** Waits for a time, or until {@code ended} says so. */
    void pause(Duration pause, BooleanSupplier ended) throws InterruptedException {
        long left = pause.toNanos();
        lock.lockInterruptibly();
        try {
            while (left > 0 && !ended.getAsBoolean()) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
