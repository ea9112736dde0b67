// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs tasks on virtual threads that all begin at once. */
final class Together {
    private Together() {}

    /** Runs one task {@code count} times at once and returns the results. */
    static <T> List<T> run(int count, Callable<T> task) throws Exception {
        return run(Collections.nCopies(count, task));
    }

    /** Runs the tasks at once and returns their results in order; ends with the first failure if there is one. */
    static <T> List<T> run(List<Callable<T>> tasks) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        // Not closed, but shut down: where a test fails, nobody waits for the tasks that then never end.
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (Callable<T> task : tasks) {
                futures.add(threads.submit(() -> {
                    start.await();
                    return task.call();
                }));
            }
            start.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException failure) {
            throw new AssertionError("one of the threads failed: " + failure.getCause(), failure.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
