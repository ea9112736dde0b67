// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import leftfold.log.LogEventStore;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A copy in a process that ends on the way. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class CopyProcessTest {
    private static final int APPENDS = 60;
    private static final int APPEND_EVENTS = 1_000;
    private static final int DATA_BYTES = 1_000;

    @TempDir
    private static Path from;

    private static List<RecordedEvent> log;

    @TempDir
    private Path to;

    @BeforeAll
    static void fill() {
        Random random = new Random(51);
        try (EventStore store = LogEventStore.open(from)) {
            for (int i = 0; i < APPENDS; i++) {
                byte[] bytes = new byte[DATA_BYTES];
                random.nextBytes(bytes);
                List<Event> events = IntStream.range(0, APPEND_EVENTS)
                        .mapToObj(n -> Event.of("Happened", Data.of(bytes, Data.BINARY)))
                        .toList();
                StreamId stream = StreamId.of("thing-" + i % 7);
                store.append(stream, store.streamVersion(stream), events);
            }
        }
        log = events(from);
    }

    @Test
    void a_copy_that_is_killed_twice_goes_on_where_it_was() throws Exception {
        int[] held = new int[2];
        for (int i = 0; i < held.length; i++) {
            Process child = copying();
            awaitSegment(i + 3, child);
            child.destroyForcibly();
            assertThat(child.waitFor()).isEqualTo(128 + 9);
            held[i] = checkedBeginning();
        }

        assertThat(held[1]).isGreaterThan(held[0]);
        finish(held[1]);
    }

    @Test
    void an_interrupted_copy_says_so_and_the_same_command_goes_on() throws Exception {
        Process child = copying();
        awaitSegment(3, child);
        child.toHandle().destroy(); // unlike the process itself, this leaves its output open
        String error = new String(child.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).isEqualTo(1);
        int held = checkedBeginning();

        assertThat(error).hasLineCount(1).contains("interrupted at position " + held + ";");
        finish(held);
    }

    /** Returns how many events the target has, after checking that they are whole appends of the source. */
    private int checkedBeginning() {
        List<RecordedEvent> copied = events(to);
        assertThat(copied).isNotEmpty().hasSizeLessThan(log.size()).isEqualTo(log.subList(0, copied.size()));
        assertThat(copied.size() % APPEND_EVENTS).isZero();
        return copied.size();
    }

    private void finish(int held) {
        Commands.Outcome outcome =
                Commands.runBare(Map.of(), "", "copy", "--from", from.toString(), "--to", to.toString(), "--json");
        assertThat(outcome.err()).isEmpty();
        JsonNode done = outcome.json().getFirst();
        assertThat(done.path("copied").longValue()).isEqualTo(log.size() - held);
        assertThat(done.path("compared").longValue()).isEqualTo(log.size());
        assertThat(events(to)).isEqualTo(log);
        assertThat(new Commands(to).run("verify").exitCode()).isZero();
    }

    /** Waits until the target has its {@code number}th segment, so that something was copied and more is to come. */
    private void awaitSegment(int number, Process child) throws IOException, InterruptedException {
        Path segment = to.resolve("segment-%06d.log".formatted(number));
        try (WatchService watch = to.getFileSystem().newWatchService()) {
            to.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            while (!Files.exists(segment)) {
                assertThat(child.isAlive())
                        .as("the copy ended before it was to be ended")
                        .isTrue();
                WatchKey key = watch.poll(1, TimeUnit.SECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
            }
        }
    }

    private Process copying() throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "copy",
                        "--from",
                        from.toString(),
                        "--to",
                        to.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static List<RecordedEvent> events(Path folder) {
        try (EventStore store = LogEventStore.open(folder);
                Stream<RecordedEvent> events = store.read(Query.all(), 0, Direction.FORWARDS, Long.MAX_VALUE)) {
            return events.toList();
        }
    }
}
