// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import leftfold.log.LogEventStore;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import org.HdrHistogram.Histogram;

/** Durable appends: a probe of the disk before each round, so that both see the same noise. */
final class AppendCases {
    private static final int STREAMS = 1_000_000;
    private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final BenchFolder folder;
    private final Report report;
    private final int rounds;
    private final List<Measured> allProbes = new ArrayList<>();

    AppendCases(BenchFolder folder, Report report, int rounds) {
        this.folder = folder;
        this.report = report;
        this.rounds = rounds;
    }

    void run() throws IOException, InterruptedException {
        waiting("append-1", 1, 1, Report.Goal.ratio(0.75));
        waiting("append-16", 16, 1, Report.Goal.ratio(5));
        waiting("append-64", 64, 1, Report.Goal.ratio(14));
        inFlight("append-async-1024", 1_024, 1, Report.Goal.ratio(120));
        waiting("append-batch100", 1, 100, Report.Goal.ratio(60));
        inFlight("append-batch100-async16", 16, 100, Report.Goal.ratio(300));
        if (!allProbes.isEmpty()) {
            report.row("disk", allProbes, allProbes, new Report.Goal(Report.Goal.Kind.NONE, 0));
        }
    }

    /** Writers on virtual threads, each waiting for its append before the next. */
    private void waiting(String name, int writers, int events, Report.Goal goal)
            throws IOException, InterruptedException {
        List<Workload> workloads = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            workloads.add(new Workload(writer, STREAMS / writers));
        }
        measure(name, goal, store -> {
            Histogram latencies = Measured.histogram();
            LongAdder done = new LongAdder();
            long start = System.nanoTime();
            List<Thread> threads = new ArrayList<>();
            for (Workload workload : workloads) {
                threads.add(Thread.ofVirtual().start(() -> {
                    long before = System.nanoTime();
                    while (before - start < ROUND_NANOS) {
                        store.append(workload.next(events));
                        done.add(events);
                        long after = System.nanoTime();
                        latencies.recordValue(after - before);
                        before = after;
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            return new Measured(done.sum(), System.nanoTime() - start, latencies);
        });
    }

    /** One thread that keeps up to {@code window} appends in flight. */
    private void inFlight(String name, int window, int events, Report.Goal goal)
            throws IOException, InterruptedException {
        Workload workload = new Workload(0, STREAMS);
        measure(name, goal, store -> {
            record Sent(long nanos, CompletableFuture<AppendResult> result) {}
            Histogram latencies = Measured.histogram();
            Deque<Sent> sent = new ArrayDeque<>();
            long start = System.nanoTime();
            long done = 0;
            while (System.nanoTime() - start < ROUND_NANOS || !sent.isEmpty()) {
                boolean more = System.nanoTime() - start < ROUND_NANOS;
                if (more && sent.size() < window) {
                    Append append = workload.next(events);
                    sent.add(new Sent(System.nanoTime(), store.appendAsync(append)));
                } else {
                    Sent oldest = sent.remove();
                    oldest.result().join();
                    latencies.recordValue(System.nanoTime() - oldest.nanos());
                    done += events;
                }
            }
            return new Measured(done, System.nanoTime() - start, latencies);
        });
    }

    private void measure(String name, Report.Goal goal, Round round) throws IOException, InterruptedException {
        if (!report.wants(name)) {
            return;
        }
        List<Measured> measured = new ArrayList<>();
        List<Measured> probes = new ArrayList<>();
        Path path = folder.child(name);
        try (LogEventStore store = LogEventStore.open(path)) {
            round.run(store); // not counted: the code is being compiled
            for (int i = 0; i < rounds; i++) {
                probes.add(Disk.probe(folder.child("probe"), PROBE_NANOS));
                measured.add(round.run(store));
            }
        }
        BenchFolder.delete(path);
        allProbes.addAll(probes);
        report.row(name, measured, probes, goal);
    }

    private interface Round {
        Measured run(LogEventStore store) throws InterruptedException;
    }
}
