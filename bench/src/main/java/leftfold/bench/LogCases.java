// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import leftfold.log.LogEventStore;

/** The cases that need a large log: writes it once, then opens and reads it. */
final class LogCases {
    private static final long EVENT_BYTES_MAX = 320;
    private static final long COMPACTION_BYTES_MAX = 1L << 30;
    private static final long REST_BYTES_MAX = 500_000_000; // the segment in use, and what is killed while it writes

    private final BenchFolder work;
    private final Report report;
    private final Progress progress;
    private final Layout layout;
    private final int rounds;
    private Path dropCaches = PageCache.DROP;

    LogCases(BenchFolder work, Report report, Progress progress, Layout layout, int rounds) {
        this.work = work;
        this.report = report;
        this.progress = progress;
        this.layout = layout;
        this.rounds = rounds;
    }

    /** Asks {@code file} instead of the operating system to empty the page cache. */
    LogCases withDropCaches(Path file) {
        dropCaches = file;
        return this;
    }

    static Stream<String> names() {
        return Stream.of(FreshCases.NAMES, ReadCases.NAMES, List.of(FreshCases.COMPACTED, ReadCases.COMPACTED))
                .flatMap(List::stream);
    }

    /** Returns how much room the log takes at most. */
    static long bytesMax(Layout layout) {
        long log = layout.events() * EVENT_BYTES_MAX;
        return log + Math.min(log, COMPACTION_BYTES_MAX) + REST_BYTES_MAX;
    }

    void run() throws IOException, InterruptedException {
        if (names().noneMatch(report::wants)) {
            return;
        }
        Path log = work.child("log");
        write(log);
        FreshCases fresh = new FreshCases(log, layout, report, rounds, dropCaches);
        fresh.run();
        if (ReadCases.NAMES.stream().anyMatch(report::wants)) {
            try (LogEventStore store = LogEventStore.open(log)) {
                new ReadCases(store, layout, report, rounds).run();
            }
        }
        fresh.runCompacted();
        if (report.wants(ReadCases.COMPACTED)) {
            try (LogEventStore store = LogEventStore.open(log)) {
                store.compact(); // nothing is left to do if that was measured
                new ReadCases(store, layout, report, rounds).runCompacted();
            }
        }
        BenchFolder.delete(log);
    }

    private void write(Path log) {
        report.say("a log of %,d events: %,d streams of %d and %,d streams of %d"
                .formatted(
                        layout.events(),
                        layout.longStreams(),
                        Layout.LONG_EVENTS,
                        layout.shortStreams(),
                        Layout.SHORT_EVENTS));
        try (progress;
                LogEventStore store = LogEventStore.open(log)) {
            CompletableFuture<?>[] last = {CompletableFuture.completedFuture(layout)};
            layout.appends(append -> {
                last[0] = store.appendAsync(append);
                progress.at("writing the log", store.head(), layout.events());
            });
            last[0].join(); // the log takes them in order, so the others are done
            if (store.head() != layout.events()) {
                throw new AssertionError("the log has " + store.head() + " events, not " + layout.events());
            }
        }
    }
}
