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

/** Writers that wait for each append before the next: one on the caller's thread, many on virtual threads of theirs. */
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
        if (writers.size() == 1) {
            long events = write(writers.getFirst(), start + nanos, latencies);
            return new Measured(events, System.nanoTime() - start, latencies);
        }
        List<Future<Long>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
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

    private static long write(Callable<Integer> writer, long end, Histogram latencies) throws ExecutionException {
        long events = 0;
        long before = System.nanoTime();
        while (before - end < 0) {
            events += call(writer);
            long after = System.nanoTime();
            latencies.recordValue(after - before);
            before = after;
        }
        return events;
    }

    private static int call(Callable<Integer> writer) throws ExecutionException {
        try {
            return writer.call();
        } catch (Exception e) {
            throw new ExecutionException(e);
        }
    }
}
