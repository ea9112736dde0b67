// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Tasks on threads of their own. Confined to one thread. */
final class Crowd<T> {
    // Not closed, but shut down: where a test fails, nobody waits for the tasks that then never end.
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<T>> tasks = new ArrayList<>();

    /** Starts a task. */
    Crowd<T> add(Callable<T> task) {
        tasks.add(threads.submit(task));
        return this;
    }

    /** Starts as many tasks, each for its number from 0. */
    Crowd<T> add(int count, IntFunction<Callable<T>> task) {
        for (int i = 0; i < count; i++) {
            add(task.apply(i));
        }
        return this;
    }

    /** Returns what the tasks returned, in order; fails if one did. */
    List<T> join() throws InterruptedException {
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> task : tasks) {
                results.add(task.get());
            }
            return results;
        } catch (ExecutionException failure) {
            throw new AssertionError("one of the threads failed: " + failure.getCause(), failure.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
