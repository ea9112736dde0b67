// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.log.LogEventStore;
import leftfold.log.LogOptions;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reader that was written from docs/file-format.md alone reads what Leftfold writes. */
@org.junit.jupiter.api.Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class FileFormatTest {
    @TempDir
    private Path folder;

    @Test
    void a_reader_made_from_the_document_reads_every_event_of_several_segments() throws Exception {
        List<String> expected;
        try (LogEventStore store =
                LogEventStore.open(folder, LogOptions.defaults().withSegmentBytes(8 << 10, 16 << 10))) {
            for (int i = 0; i < 300; i += 3) { // two appends: of one event, and of two
                StreamId stream = StreamId.of("größe-" + i / 3 % 7);
                store.append(stream, i / 21 * 3L, List.of(event(i)));
                store.append(stream, i / 21 * 3L + 1, List.of(event(i + 1), event(i + 2)));
            }
            try (Stream<RecordedEvent> events = store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
                expected = events.map(FileFormatTest::line).toList();
            }
        }
        assertThat(folder.resolve("segment-000003.log")).exists();

        assertThat(run(0)).isEqualTo(expected);

        try (LogEventStore store = LogEventStore.open(folder)) {
            store.compact();
        }
        assertThat(folder.resolve("segment-000003.log")).doesNotExist();
        assertThat(run(0)).isEqualTo(expected);
    }

    @Test
    void the_reader_sees_damage() throws Exception {
        try (LogEventStore store = LogEventStore.open(folder)) {
            store.append(StreamId.of("thing-1"), 0, List.of(event(1)));
            store.append(StreamId.of("thing-1"), 1, List.of(event(2)));
        }
        Path segment = folder.resolve("segment-000001.log");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[4_200] ^= 1;
        Files.write(segment, bytes);

        assertThat(run(1)).isEmpty();
    }

    @Test
    void the_reader_does_not_end_in_silence_before_a_segment_that_follows() throws Exception {
        try (LogEventStore store =
                LogEventStore.open(folder, LogOptions.defaults().withSegmentBytes(8 << 10, 8 << 10))) {
            for (int i = 0; i < 60; i++) {
                store.append(StreamId.of("thing-1"), i, List.of(event(i)));
            }
        }
        Path segment = folder.resolve("segment-000001.log");
        byte[] bytes = Files.readAllBytes(segment);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        bytes[end - 1] ^= 1; // in the seal
        Files.write(segment, bytes);

        run(1);
    }

    private static Event event(int i) {
        Data data = i % 3 == 0 ? Data.of(new byte[] {0, (byte) i, -1}, Data.BINARY) : Data.json("{\"n\":" + i + "}");
        Metadata metadata = i % 4 == 0
                ? Metadata.none()
                : new Metadata("cause-" + i, "correlation", "änna", "shop@1", Map.of("trace", "t" + i));
        Set<Tag> tags = i % 4 == 1 ? Set.of() : Set.of(Tag.of("i", "v" + i));
        return new Event(UUID.randomUUID(), "Gezählt", 1 + i % 2, data, metadata, tags);
    }

    private static String line(RecordedEvent event) {
        byte[] data = event.data().bytes();
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, event.recordedAt());
        int flags = event.position() % 3 == 2 ? 0 : 1; // of each three events the second is not its append's last
        return event.position() + "\t" + event.stream() + "\t" + event.version() + "\t" + event.id() + "\t" + micros
                + "\t" + event.type() + "\t" + event.schemaVersion() + "\t" + flags + "\t"
                + event.data().contentType() + "\t" + attributes(event) + "\t"
                + HexFormat.of().formatHex(data);
    }

    private static String attributes(RecordedEvent event) {
        List<String> attributes = new ArrayList<>();
        event.tags().forEach(tag -> attributes.add("1=" + tag));
        Metadata metadata = event.metadata();
        if (!metadata.equals(Metadata.none())) {
            attributes.addAll(List.of(
                    "2=" + metadata.causationId(),
                    "3=" + metadata.correlationId(),
                    "4=" + metadata.actor(),
                    "5=" + metadata.producer(),
                    "6=trace=" + metadata.headers().get("trace")));
        }
        return String.join(" ", attributes);
    }

    private List<String> run(int exitCode) throws IOException, InterruptedException {
        Process reader = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Dstdout.encoding=UTF-8",
                        "ReadLog.java",
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(reader.waitFor()).isEqualTo(exitCode);
        return lines;
    }
}
