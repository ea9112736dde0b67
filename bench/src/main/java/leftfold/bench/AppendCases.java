// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import leftfold.log.LogEventStore;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import org.HdrHistogram.Histogram;

/** Durable appends: a probe of the disk before each round, so that both see the same noise. */
final class AppendCases {
    static final List<String> NAMES = List.of(
            "append-1",
            "append-16",
            "append-64",
            "append-async-1024",
            "append-batch100",
            "append-batch100-async16",
            "disk");

    private static final int STREAMS = 1_000_000;
    private static final long BYTES_PER_SECOND_MAX = 500_000_000;

    private final BenchFolder folder;
    private final Report report;
    private final Progress progress;
    private final Rounds rounds;
    private final List<Measured> allProbes = new ArrayList<>();
    private double bytesPerSecond;

    AppendCases(BenchFolder folder, Report report, Progress progress, Rounds rounds) {
        this.folder = folder;
        this.report = report;
        this.progress = progress;
        this.rounds = rounds;
    }

    /** Returns how much room the cases take at most: one is on the disk at a time. */
    static long bytesMax(Rounds rounds) {
        return BYTES_PER_SECOND_MAX * (rounds.count() + 1) * rounds.millis() / 1_000;
    }

    void run() throws IOException, InterruptedException, ExecutionException {
        if (NAMES.stream().noneMatch(report::wants)) {
            return;
        }
        bytesPerSecond = Disk.bytesPerSecond(folder.child("large"), rounds.nanos());
        waiting("append-1", 1, 1, Goal.ratio(0.75));
        waiting("append-16", 16, 1, Goal.ratio(5));
        waiting("append-64", 64, 1, Goal.ratio(14));
        inFlight("append-async-1024", 1_024, 1, Goal.ratio(120));
        waiting("append-batch100", 1, 100, batchGoal(60));
        inFlight("append-batch100-async16", 16, 100, batchGoal(300));
        if (report.wants("disk")) {
            if (allProbes.isEmpty()) {
                probe(rounds.count(), allProbes);
            }
            report.print(Row.of("disk", allProbes, Goal.NONE)
                    .withProbes(allProbes)
                    .with("sequential_mb_per_second", bytesPerSecond / 1e6)
                    .withNote("%,.0f MB/s in writes of 1 MiB".formatted(bytesPerSecond / 1e6)));
        }
    }

    private Goal batchGoal(double ratio) {
        return Goal.ratioOrBandwidth(ratio, bytesPerSecond, Facts.DATA_BYTES);
    }

    private void probe(int count, List<Measured> probes) throws IOException {
        for (int i = 0; i < count; i++) {
            probes.add(Disk.commits(folder.child("probe"), rounds.probeNanos()));
        }
    }

    /** Writers that each wait for their append before the next. */
    private void waiting(String name, int writers, int events, Goal goal)
            throws IOException, InterruptedException, ExecutionException {
        if (!report.wants(name)) {
            return;
        }
        List<Workload> workloads = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            workloads.add(new Workload(writer, STREAMS / writers));
        }
        measure(name, goal, store -> {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (Workload workload : workloads) {
                calls.add(() -> {
                    store.append(workload.next(events));
                    return events;
                });
            }
            return Writers.run(calls, rounds.nanos());
        });
    }

    /** One thread that keeps up to {@code window} appends in flight. */
    private void inFlight(String name, int window, int events, Goal goal)
            throws IOException, InterruptedException, ExecutionException {
        if (!report.wants(name)) {
            return;
        }
        Workload workload = new Workload(0, STREAMS);
        measure(name, goal, store -> {
            record Sent(long nanos, CompletableFuture<AppendResult> result) {}
            Histogram latencies = Measured.histogram();
            Deque<Sent> sent = new ArrayDeque<>();
            long start = System.nanoTime();
            long done = 0;
            while (System.nanoTime() - start < rounds.nanos() || !sent.isEmpty()) {
                boolean more = System.nanoTime() - start < rounds.nanos();
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

    private void measure(String name, Goal goal, Round round)
            throws IOException, InterruptedException, ExecutionException {
        List<Measured> measured = new ArrayList<>();
        List<Measured> probes = new ArrayList<>();
        Path path = folder.child(name);
        progress.at(name);
        try (progress;
                LogEventStore store = LogEventStore.open(path)) {
            round.run(store); // not counted: the code is being compiled
            for (int i = 0; i < rounds.count(); i++) {
                probe(1, probes);
                measured.add(round.run(store));
            }
        }
        BenchFolder.delete(path);
        allProbes.addAll(probes);
        report.print(Row.of(name, measured, goal).withProbes(probes));
    }

    private interface Round {
        Measured run(LogEventStore store) throws InterruptedException, ExecutionException;
    }
}
