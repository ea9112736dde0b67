// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** What only a fresh JVM shows: opening the log, reading it cold, and the memory that it takes. */
final class FreshCases {
    static final List<String> NAMES = List.of("open-clean", "open-killed", "memory", "stream-100-cold");
    static final String COMPACTED = "stream-100-cold-compacted";

    private static final int KILLED_EVENTS = 100_000;
    private static final int MEMORY_APPENDS = 10_000;
    private static final int MEMORY_READS = 1_000;
    private static final int COLD_READS_MAX = 200;
    private static final int COLD_READS_MIN = 5;
    private static final int COLD_PART = 1_000; // what was read for one stream stays mapped and serves the next
    private static final int MIB = 1 << 20;

    private final Path log;
    private final Layout layout;
    private final Report report;
    private final int rounds;
    private final Path dropCaches;

    FreshCases(Path log, Layout layout, Report report, int rounds, Path dropCaches) {
        this.log = log;
        this.layout = layout;
        this.report = report;
        this.rounds = rounds;
        this.dropCaches = dropCaches;
    }

    void run() throws IOException, InterruptedException {
        report("open-clean", Goal.p50Micros(1_000_000), this::openClean);
        report("memory", memoryGoal(), this::memory);
        report("stream-100-cold", Goal.p50Micros(2_000), this::cold);
        report("open-killed", Goal.p50Micros(3_000_000), this::openKilled);
    }

    /** Measures what is better after compaction, for which the log is compacted. */
    void runCompacted() throws IOException, InterruptedException {
        report(COMPACTED, Goal.p50Micros(2_000), (name, goal) -> {
            long nanos = value(values(child("compact")), "nanos");
            return cold(name, goal).with("compaction_seconds", nanos / 1e9);
        });
    }

    private Row openClean(String name, Goal goal) throws IOException, InterruptedException {
        List<Measured> opened = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            opened.add(opened(i, 0));
        }
        return Row.of(name, opened, goal);
    }

    private Row openKilled(String name, Goal goal) throws IOException, InterruptedException {
        List<Measured> opened = new ArrayList<>();
        long written = Math.min(KILLED_EVENTS, layout.events() / 2);
        for (int i = 0; i < rounds; i++) {
            long durable = killWhileWriting("killed" + i, written);
            opened.add(opened(rounds + i, durable));
        }
        return Row.of(name, opened, goal).with("events_before_kill", written);
    }

    /** Returns how long opening and the first append took, in a process that did nothing before. */
    private Measured opened(int shortStream, long durable) throws IOException, InterruptedException {
        Map<String, Long> values = values(child("open", Integer.toString(shortStream)));
        long head = value(values, "head");
        if (head < durable) {
            throw new IOException("position " + durable + " was acknowledged, but the log ended at " + head);
        }
        return Measured.ofOne(1, value(values, "nanos"));
    }

    /** Kills a child in the middle of its appends, and returns the last position that it said was durable. */
    private long killWhileWriting(String name, long events) throws IOException, InterruptedException {
        try (ChildJvm child = ChildJvm.start(errors(), args("write", name))) {
            long first = 0;
            long durable = 0;
            for (String line = child.line(); line != null; line = child.line()) {
                durable = Long.parseLong(line);
                first = first == 0 ? durable : first;
                if (durable - first >= events) {
                    child.kill();
                    return durable;
                }
            }
            child.checkEnd();
            throw new IOException("the child that was to be killed ended by itself");
        }
    }

    private static Goal memoryGoal() {
        return new Goal("heap " + ChildJvm.HEAP_MB + " MiB", row -> true); // it is the limit that the child runs with
    }

    private Row memory(String name, Goal goal) throws IOException, InterruptedException {
        int appends = Math.min(MEMORY_APPENDS, layout.shortStreams() / 2);
        int reads = Math.min(MEMORY_READS, layout.longStreams());
        long start = System.nanoTime();
        Map<String, Long> values = values(child("memory", Integer.toString(appends), Integer.toString(reads)));
        long nanos = System.nanoTime() - start;
        String parts = values.entrySet().stream()
                .map(value -> "%s %,d MiB".formatted(value.getKey(), value.getValue() / MIB))
                .sorted()
                .collect(Collectors.joining(", "));
        Row row = Row.of(name, List.of(Measured.ofOne(appends + (long) reads * Layout.LONG_EVENTS, nanos)), goal)
                .with("heap_bytes", value(values, "heap"));
        for (String rss : List.of("RssAnon", "RssFile")) {
            if (values.containsKey(rss)) {
                row = row.with(rss.equals("RssAnon") ? "rss_anon_bytes" : "rss_file_bytes", value(values, rss));
            }
        }
        return row.withNote(parts + " after " + appends + " appends and " + reads + " reads");
    }

    private Row cold(String name, Goal goal) throws IOException, InterruptedException {
        if (!Files.isWritable(dropCaches)) {
            return Row.notMeasured(name, goal, "the page cache cannot be emptied here; run as root on Linux");
        }
        System.gc(); // what this process had mapped of the log would stay in memory
        new ProcessBuilder("sync").start().waitFor();
        PageCache.drop(dropCaches);
        int reads = Math.clamp(layout.longStreams() / COLD_PART, COLD_READS_MIN, COLD_READS_MAX);
        List<String> printed = child("cold", dropCaches.toString(), Integer.toString(reads));
        Histogram latencies = Measured.histogram();
        long sum = 0;
        for (String line : printed.subList(0, reads)) {
            long nanos = Long.parseLong(line);
            latencies.recordValue(nanos);
            sum += nanos;
        }
        Map<String, Long> values = values(printed);
        long storage = value(values, "storage") / reads;
        if (storage == 0) {
            return Row.notMeasured(
                    name, goal, "the reads found everything in memory; opening had mapped it, or the log is small");
        }
        double disk = value(values, "disk") / 1e3;
        Measured round = new Measured((long) reads * Layout.LONG_EVENTS, sum, latencies);
        return Row.of(name, List.of(round), goal)
                .with("streams", reads)
                .with("storage_bytes_per_stream", storage)
                .with("disk_p50_us", disk)
                .withNote("%d streams; %,d KiB read for each, which take the disk alone %,.1f us at random"
                        .formatted(reads, storage / 1024, disk));
    }

    private List<String> child(String what, String... more) throws IOException, InterruptedException {
        return ChildJvm.run(errors(), args(what, more));
    }

    private List<String> args(String what, String... more) {
        List<String> args = new ArrayList<>(List.of(what, log.toString(), Integer.toString(layout.longStreams())));
        args.addAll(List.of(more));
        return args;
    }

    private Path errors() {
        return log.resolveSibling("errors");
    }

    private static Map<String, Long> values(List<String> printed) {
        return printed.stream()
                .filter(line -> line.indexOf('=') > 0)
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')),
                        line -> Long.parseLong(line.substring(line.indexOf('=') + 1))));
    }

    private static long value(Map<String, Long> values, String name) throws IOException {
        Long value = values.get(name);
        if (value == null) {
            throw new IOException("the child did not print " + name + " but " + values);
        }
        return value;
    }

    /** Prints the row of a case, one that says why if it failed: that the others run is worth more. */
    private void report(String name, Goal goal, Case measuring) throws InterruptedException {
        if (report.wants(name)) {
            try {
                report.print(measuring.run(name, goal));
            } catch (IOException e) {
                report.printFailed(name, goal, String.valueOf(e.getMessage()));
            }
        }
    }

    private interface Case {
        Row run(String name, Goal goal) throws IOException, InterruptedException;
    }
}
