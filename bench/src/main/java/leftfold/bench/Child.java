// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import leftfold.log.LogEventStore;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.AppendResult;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;

/**
 * What the benchmark runs in a JVM of its own, because it must be killed, begin cold, or have little memory. Prints one
 * number a line, or {@code name=number}.
 */
final class Child {
    /** A child whose parent is gone stops here, and not when the disk is full. */
    private static final long KILLED_EVENTS_MAX = 20_000_000;

    private static final int IN_FLIGHT = 1_024;
    private static final int WARM_EVENTS = 2_000;
    private static final int WARM_READS = 2_000;

    private final PrintStream out;
    private final Path folder;
    private final Layout layout;

    private Child(PrintStream out, Path folder, Layout layout) {
        this.out = out;
        this.folder = folder;
        this.layout = layout;
    }

    /** Runs {@code args}: what to do, the log's folder, its long streams, and what that work needs besides. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Child child = new Child(out, Path.of(args[1]), new Layout(Integer.parseInt(args[2])));
        switch (args[0]) {
            case "open" -> child.open(Integer.parseInt(args[3]));
            case "write" -> child.write(args[3]);
            case "memory" -> child.memory(Integer.parseInt(args[3]), Integer.parseInt(args[4]));
            case "compact" -> child.compact();
            case "cold" -> child.cold(Path.of(args[3]), Integer.parseInt(args[4]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** Opens the log and appends to one short stream, and prints how long both took and where the log ended before. */
    private void open(int shortStream) {
        Append first = append(layout.shortStream(shortStream), Layout.SHORT_EVENTS, new Facts(shortStream));
        long start = System.nanoTime();
        try (LogEventStore store = LogEventStore.open(folder)) {
            long position = store.append(first).position();
            out.println("nanos=" + (System.nanoTime() - start));
            out.println("head=" + (position - 1));
        }
    }

    /** Appends to new streams until it is killed, and prints the position that is durable, again and again. */
    private void write(String name) {
        Facts facts = new Facts(name.hashCode());
        Deque<CompletableFuture<AppendResult>> sent = new ArrayDeque<>();
        try (LogEventStore store = LogEventStore.open(folder)) {
            for (long made = 0; made < KILLED_EVENTS_MAX && !out.checkError(); made++) {
                sent.add(store.appendAsync(append(StreamId.of(name, Long.toString(made)), 0, facts)));
                if (sent.size() == IN_FLIGHT) {
                    long durable = sent.remove().join().position();
                    if (made % IN_FLIGHT == 0) {
                        out.println(durable);
                    }
                }
            }
        }
    }

    /** Opens the log, appends to short streams and reads long ones, and prints what memory that took. */
    private void memory(int appends, int reads) throws IOException {
        Facts facts = new Facts(appends);
        try (LogEventStore store = LogEventStore.open(folder)) {
            for (int i = 0; i < appends; i++) {
                int ordinal = layout.shortStreams() - 1 - i;
                store.append(append(layout.shortStream(ordinal), Layout.SHORT_EVENTS, facts));
            }
            for (int i = 0; i < reads; i++) {
                read(store, layout.longStream(i));
            }
            System.gc();
            out.println("heap="
                    + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
            Path status = Path.of("/proc/self/status");
            if (Files.exists(status)) {
                for (String line : Files.readAllLines(status)) {
                    for (String name : List.of("RssAnon", "RssFile")) {
                        if (line.startsWith(name + ":")) {
                            out.println(name + "=" + 1024 * Long.parseLong(line.replaceAll("\\D", "")));
                        }
                    }
                }
            }
        }
    }

    /** Stores the events of each stream together, and prints how long that took. */
    private void compact() {
        try (LogEventStore store = LogEventStore.open(folder)) {
            long start = System.nanoTime();
            store.compact();
            out.println("nanos=" + (System.nanoTime() - start));
        }
    }

    /**
     * Reads long streams, each once and each after {@code dropCaches} emptied the page cache, and prints how many
     * nanoseconds each took. Another log was read before, so that the code is warm and nothing of this log is. Prints
     * also what half of them took at most if the disk only reads as many bytes in blocks at random.
     */
    private void cold(Path dropCaches, int reads) throws IOException {
        warm();
        long storage = 0;
        long[] disk = new long[reads];
        try (LogEventStore store = LogEventStore.open(folder);
                RandomReads alone = RandomReads.create(folder.resolveSibling("random"))) {
            for (int i = 0; i < reads; i++) {
                PageCache.drop(dropCaches);
                long before = PageCache.bytesRead();
                long start = System.nanoTime();
                read(store, layout.longStream(i));
                out.println(System.nanoTime() - start);
                long bytes = PageCache.bytesRead() - before;
                storage += bytes;
                PageCache.drop(dropCaches);
                disk[i] = alone.nanos(bytes / RandomReads.BLOCK_BYTES);
            }
        }
        Arrays.sort(disk);
        out.println("storage=" + storage);
        out.println("disk=" + disk[reads / 2]);
    }

    private void warm() throws IOException {
        Layout small = Layout.of(WARM_EVENTS);
        try (BenchFolder work = BenchFolder.create(folder.resolveSibling("warm"));
                LogEventStore store = LogEventStore.open(work.path())) {
            small.appends(store::append);
            for (int i = 0; i < WARM_READS; i++) {
                read(store, small.longStream(i % small.longStreams()));
            }
        }
    }

    private static void read(LogEventStore store, StreamId stream) {
        try (Stream<RecordedEvent> found = store.readStream(stream)) {
            long events = found.filter(event -> event.data().size() > 0).count();
            if (events != Layout.LONG_EVENTS) {
                throw new AssertionError(stream + " has " + events + " events");
            }
        }
    }

    private static Append append(StreamId stream, int version, Facts facts) {
        return new Append(
                List.of(new StreamWrite(stream, List.of(facts.event(Set.of())))),
                List.of(new AppendCondition.StreamAt(stream, version)));
    }
}
