// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Runs a suite's cases on all cores. */
final class Parallel {
    private Parallel() {}

    /** Runs {@code work} for each number from {@code from} to {@code to}, exclusive; the first failure ends it. */
    static void range(int from, int to, IntConsumer work) {
        int cores = Runtime.getRuntime().availableProcessors();
        AtomicInteger next = new AtomicInteger(from);
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(cores)) {
            for (int i = 0; i < cores; i++) {
                running.add(threads.submit(() -> {
                    try {
                        for (int one = next.getAndIncrement(); one < to; one = next.getAndIncrement()) {
                            work.accept(one);
                        }
                    } finally {
                        next.set(to); // of no effect at the end, and ends the others after a failure
                    }
                }));
            }
        }
        for (Future<?> one : running) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw new AssertionError(String.valueOf(e.getCause()), e);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
        }
    }
}
