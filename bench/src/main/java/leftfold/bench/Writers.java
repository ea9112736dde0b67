// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/** Writers that wait for each append before the next: one on a platform thread, many on virtual threads. */
final class Writers {
    private Writers() {}

    /**
     * Runs all {@code writers} for {@code nanos}; each call is one append and returns how many events it made durable.
     *
     * @throws ExecutionException if a call failed; the other writers ran to their end
     */
    static Measured run(List<Callable<Integer>> writers, long nanos) throws InterruptedException, ExecutionException {
        Histogram latencies = Measured.histogram();
        long start = System.nanoTime();
        List<Future<Long>> results = new ArrayList<>();
        try (ExecutorService threads = writers.size() == 1
                ? Executors.newSingleThreadExecutor()
                : Executors.newVirtualThreadPerTaskExecutor()) {
            for (Callable<Integer> writer : writers) {
                results.add(threads.submit(() -> write(writer, start + nanos, latencies)));
            }
        }
        long took = System.nanoTime() - start;
        long events = 0;
        for (Future<Long> result : results) {
            events += result.get();
        }
        return new Measured(events, took, latencies);
    }

    private static long write(Callable<Integer> writer, long end, Histogram latencies) throws Exception {
        long events = 0;
        long before = System.nanoTime();
        while (before - end < 0) {
            events += writer.call();
            long after = System.nanoTime();
            latencies.recordValue(after - before);
            before = after;
        }
        return events;
    }
}
