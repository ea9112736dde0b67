// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import leftfold.log.LogEventStore;
import leftfold.store.AppendResult;

/** The cases that need a large log: writes it once, then opens and reads it. */
final class LogCases {
    private final BenchFolder work;
    private final Report report;
    private final Progress progress;
    private final Layout layout;
    private final Path dropCaches;

    LogCases(BenchFolder work, Report report, Progress progress, Layout layout, Path dropCaches) {
        this.work = work;
        this.report = report;
        this.progress = progress;
        this.layout = layout;
        this.dropCaches = dropCaches;
    }

    static Stream<String> names() {
        return Stream.concat(FreshCases.NAMES.stream(), ReadCases.NAMES.stream());
    }

    void run() throws IOException, InterruptedException {
        if (names().noneMatch(report::wants)) {
            return;
        }
        Path log = work.child("log");
        write(log);
        new FreshCases(work, log, layout, report, dropCaches).run();
        if (ReadCases.NAMES.stream().anyMatch(report::wants)) {
            try (LogEventStore store = LogEventStore.open(log)) {
                new ReadCases(store, layout, report).run();
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
            AtomicReference<CompletableFuture<AppendResult>> last = new AtomicReference<>();
            layout.appends(append -> {
                last.set(store.appendAsync(append));
                progress.at("writing the log", store.head(), layout.events());
            });
            last.get().join(); // the log takes them in order, so the others are done
        }
    }
}
