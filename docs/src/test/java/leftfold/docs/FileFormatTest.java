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
            for (int i = 0; i < 300; i++) {
                store.append(StreamId.of("größe-" + i % 7), i / 7, List.of(event(i)));
            }
            try (Stream<RecordedEvent> events = store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
                expected = events.map(FileFormatTest::line).toList();
            }
        }
        assertThat(folder.resolve("segment-000003.log")).exists();

        assertThat(read()).isEqualTo(expected);

        try (LogEventStore store = LogEventStore.open(folder)) {
            store.compact();
        }
        assertThat(folder.resolve("segment-000003.log")).doesNotExist();
        assertThat(read()).isEqualTo(expected);
    }

    private List<String> read() throws Exception {
        List<String> read = new ArrayList<>();
        for (String line : run(0)) {
            List<String> fields = List.of(line.split("\t", -1));
            read.add(String.join("\t", fields.subList(0, 8)) + "\t" + fields.get(9));
        }
        return read;
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

    private static Event event(int i) {
        Data data = i % 3 == 0 ? Data.of(new byte[] {0, (byte) i, -1}, Data.BINARY) : Data.json("{\"n\":" + i + "}");
        Metadata metadata = Metadata.none().withActor("anna").withHeader("trace", "t" + i);
        return new Event(UUID.randomUUID(), "Gezählt", 1 + i % 2, data, metadata, Set.of(Tag.of("i", "v" + i)));
    }

    private static String line(RecordedEvent event) {
        byte[] data = event.data().bytes();
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, event.recordedAt());
        return event.position() + "\t" + event.stream() + "\t" + event.version() + "\t" + event.id() + "\t" + micros
                + "\t" + event.type() + "\t" + event.schemaVersion() + "\t"
                + event.data().contentType() + "\t" + HexFormat.of().formatHex(data);
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
