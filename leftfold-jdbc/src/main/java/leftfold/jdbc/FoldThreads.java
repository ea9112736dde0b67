// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import leftfold.subscription.HandlerException;
import org.jspecify.annotations.Nullable;

/**
 * The threads that fold a projection's documents side by side, where it declares several; they begin when they are
 * first needed and end with {@link #close}. Platform threads: folding is computing, and virtual threads that compute
 * keep the few threads that carry them from everybody else in the process. Confined to the follower's thread.
 */
final class FoldThreads implements AutoCloseable {
    /** No threads but the caller's. */
    static final FoldThreads NONE = new FoldThreads(1);

    /** What one thread does. */
    interface Part<T> {
        /** Returns what comes out. */
        T run() throws Exception;
    }

    private final int count;
    private final @Nullable ExecutorService pool;

    FoldThreads(int count) {
        this.count = count;
        this.pool = count == 1
                ? null
                : Executors.newFixedThreadPool(
                        count,
                        Thread.ofPlatform().daemon().name("leftfold-fold-", 0).factory());
    }

    /** Returns how many there are. */
    int count() {
        return count;
    }

    /**
     * Returns what comes out of {@code parts}, no more than there are threads, once all have ended. Who interrupts the
     * caller interrupts them, and the caller is still interrupted afterwards.
     *
     * @throws HandlerException the one of the first event that failed in any part; all parts have ended
     * @throws SQLException if the database failed under a part, and no event is to blame
     */
    <T> List<T> run(List<Part<T>> parts) throws HandlerException, SQLException {
        ExecutorService threads = pool;
        if (threads == null) {
            throw new AssertionError("asked to divide what one thread does");
        }
        Work<T> work = new Work<>(parts);
        work.tasks.forEach(threads::execute);
        work.awaitEnd();
        return work.results();
    }

    @Override
    public void close() {
        ExecutorService threads = pool;
        if (threads != null) {
            threads.shutdown();
        }
    }

    /** Parts that run at the same time. */
    private static final class Work<T> {
        private final List<Task> tasks;
        private final CountDownLatch left;
        private volatile boolean interrupted;

        Work(List<Part<T>> parts) {
            tasks = parts.stream().map(Task::new).toList();
            left = new CountDownLatch(parts.size());
        }

        /** Waits for all, for what has not ended would write into what comes next. */
        void awaitEnd() {
            while (true) {
                try {
                    left.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                    tasks.forEach(Task::interrupt);
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        List<T> results() throws HandlerException, SQLException {
            HandlerException first = null;
            for (Task task : tasks) {
                if (task.failure instanceof HandlerException failed
                        && (first == null
                                || failed.event().position() < first.event().position())) {
                    first = failed;
                }
            }
            if (first != null) {
                // What else failed came later, or will be met again when what lies before this event is taken.
                throw first;
            }
            List<T> results = new ArrayList<>();
            for (Task task : tasks) {
                results.add(task.result());
            }
            return results;
        }

        private final class Task implements Runnable {
            private final Part<T> part;
            private volatile @Nullable Thread thread;
            private @Nullable T result;
            private @Nullable Throwable failure;

            Task(Part<T> part) {
                this.part = part;
            }

            @Override
            public void run() {
                thread = Thread.currentThread();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                try {
                    result = part.run();
                } catch (Throwable e) {
                    failure = e;
                } finally {
                    left.countDown();
                }
            }

            void interrupt() {
                Thread running = thread;
                if (running != null) {
                    running.interrupt();
                }
            }

            T result() throws SQLException {
                switch (failure) {
                    case SQLException e -> throw e;
                    case RuntimeException e -> throw e;
                    case Error e -> throw e;
                    case null, default -> {}
                }
                T made = result;
                if (made == null) {
                    throw new AssertionError("a part made nothing", failure);
                }
                return made;
            }
        }
    }
}
