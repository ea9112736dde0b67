// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import leftfold.log.LogEventStore;
import leftfold.store.AppendResult;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.HdrHistogram.Histogram;

/** Reads of one log, and opening it again. */
final class ReadCases {
    private static final List<String> CASES = List.of("open-clean", "scan", "stream-100-hot", "query-tag");
    private static final int STREAM_EVENTS = 100;
    private static final int ROUNDS = 5;
    private static final int STREAM_READS = 2_000;
    private static final double SCAN_PER_SECOND = 10_000_000;

    private final BenchFolder folder;
    private final Report report;
    private final int events;

    ReadCases(BenchFolder folder, Report report, int events) {
        this.folder = folder;
        this.report = report;
        this.events = events;
    }

    void run() throws IOException {
        if (CASES.stream().noneMatch(report::wants)) {
            return;
        }
        Path path = folder.child("log");
        int streams = Math.max(1, events / STREAM_EVENTS);
        try (LogEventStore store = LogEventStore.open(path)) {
            Workload workload = new Workload(0, streams);
            CompletableFuture<AppendResult> last = store.appendAsync(workload.next(10));
            for (int written = 10; written < events; written += 10) {
                last = store.appendAsync(workload.next(10));
            }
            last.join(); // the log takes them in order, so the others are done
        }
        opened(path);
        try (LogEventStore store = LogEventStore.open(path)) {
            Workload names = new Workload(0, streams);
            scan(store);
            streams(store, names, streams);
            query(store);
        }
    }

    private void scan(EventStore store) {
        if (!report.wants("scan")) {
            return;
        }
        List<Measured> rounds = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            rounds.add(timed(() -> count(store, Query.all())));
        }
        report.row("scan", rounds, List.of(), goal(Report.Goal.Kind.EVENTS_PER_SECOND, SCAN_PER_SECOND));
    }

    private void query(EventStore store) {
        if (!report.wants("query-tag")) {
            return;
        }
        List<Measured> rounds = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            rounds.add(timed(() -> count(store, Query.tags(Workload.RARE_TAG))));
        }
        report.row("query-tag", rounds, List.of(), goal(Report.Goal.Kind.NONE, 0));
    }

    private void streams(EventStore store, Workload names, int streams) {
        if (!report.wants("stream-100-hot")) {
            return;
        }
        SplittableRandom random = new SplittableRandom(1);
        List<Measured> rounds = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            Histogram latencies = Measured.histogram();
            long start = System.nanoTime();
            long read = 0;
            long before = start;
            for (int j = 0; j < STREAM_READS; j++) {
                StreamId stream = names.stream(random.nextInt(streams));
                try (Stream<RecordedEvent> found = store.readStream(stream)) {
                    read += found.mapToLong(event -> event.data().size() > 0 ? 1 : 0)
                            .sum();
                }
                long after = System.nanoTime();
                latencies.recordValue(after - before);
                before = after;
            }
            rounds.add(new Measured(read, before - start, latencies));
        }
        report.row("stream-100-hot", rounds, List.of(), goal(Report.Goal.Kind.P50_MICROS, 40));
    }

    private void opened(Path path) {
        if (!report.wants("open-clean")) {
            return;
        }
        List<Measured> rounds = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            rounds.add(timed(() -> {
                try (LogEventStore store = LogEventStore.open(path)) {
                    return store.head();
                }
            }));
        }
        report.row("open-clean", rounds, List.of(), goal(Report.Goal.Kind.P50_MICROS, 1_000_000));
    }

    private static long count(EventStore store, Query query) {
        try (Stream<RecordedEvent> found = store.read(query, 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            return found.mapToLong(event -> event.data().size() > 0 ? 1 : 0).sum();
        }
    }

    private static Measured timed(Counted work) {
        Histogram latencies = Measured.histogram();
        long start = System.nanoTime();
        long counted = work.run();
        long nanos = System.nanoTime() - start;
        latencies.recordValue(nanos);
        return new Measured(counted, nanos, latencies);
    }

    private static Report.Goal goal(Report.Goal.Kind kind, double value) {
        return new Report.Goal(kind, value);
    }

    private interface Counted {
        long run();
    }
}
