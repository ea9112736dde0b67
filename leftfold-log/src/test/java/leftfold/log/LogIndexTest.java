// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What readers see while the writer adds to the index. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class LogIndexTest {
    private static final StreamId STREAM = StreamId.of("thing-1");

    @Test
    void whoever_sees_the_head_finds_the_event_at_it() throws Exception {
        List<Event> events = Collections.nCopies(2_000, Event.of("Happened", Data.json("{}"))).stream()
                .map(event -> event.withId(UUID.randomUUID()))
                .toList();
        AtomicBoolean done = new AtomicBoolean();
        try (LogEventStore store = LogEventStore.open(new SimDirectory(), LogOptions.defaults())) {
            CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
                while (!done.get()) {
                    long head = store.head();
                    try (Stream<RecordedEvent> last = store.read(Query.all(), head, Direction.BACKWARDS, 1)) {
                        assertThat(last.mapToLong(RecordedEvent::position).sum())
                                .isEqualTo(head);
                    }
                }
            });
            for (int i = 0; i < 30; i++) {
                store.append(StreamId.of("thing-" + i), 0, events); // so many that to index them takes a while
            }
            done.set(true);
            reader.join();
        }
    }

    @Test
    void a_read_backwards_begins_at_the_head_that_it_was_asked_at_though_the_stream_has_grown_since()
            throws IOException {
        SimDirectory disk = new SimDirectory();
        UUID id;
        try (LogEventStore store = LogEventStore.open(disk, LogOptions.defaults())) {
            id = store.id();
            for (int i = 0; i < 3; i++) {
                store.append(STREAM, i, List.of(Event.of("Happened", Data.json("{}"))));
            }
        }
        LogIndex index = new LogIndex(Key.Hash.STANDARD);
        Recovery.read(disk, id, index, new Indexer(disk, id, index));
        LogReader reader = new LogReader(index);

        try (Stream<RecordedEvent> found =
                reader.readStream(STREAM, new QueryCursor.Range(2, 1, Direction.BACKWARDS, Long.MAX_VALUE))) {
            assertThat(found).extracting(RecordedEvent::position).containsExactly(1L);
        }
    }

    @Test
    void an_index_file_that_turns_out_to_be_damaged_is_replaced_by_files_before_the_read_goes_on() throws IOException {
        QuietLog.on();
        SimDirectory disk = new SimDirectory();
        LogOptions options = LogOptions.defaults().withSegmentBytes(8 << 10, 8 << 10);
        try (LogEventStore store = LogEventStore.open(disk, options)) {
            for (int i = 0; i < 200; i++) {
                store.append(STREAM, i, List.of(Event.of("Happened", Data.of(new byte[300], Data.BINARY))));
            }
        }
        try (LogEventStore store = LogEventStore.open(disk, options)) {
            disk.holdBeside();
            int before = indexFiles(disk);
            for (String file : disk.list()) {
                if (file.endsWith(".keys")) {
                    disk.bytes(file)[4_096 + 1] ^= 1;
                }
            }
            long read;
            try (Stream<RecordedEvent> events = store.readStream(STREAM)) {
                read = events.count();
            }
            int after = indexFiles(disk);
            disk.releaseBeside();
            assertThat(read).isEqualTo(200);
            assertThat(after).isGreaterThan(before); // one for each segment, as long as none are merged
        }
        assertThat(LogVerifier.verify(disk).clean()).isTrue();
    }

    @Test
    void an_index_with_a_bitmap_that_is_none_is_made_anew_though_its_checksum_is_right() throws IOException {
        SimDirectory disk = new SimDirectory();
        LogOptions options = LogOptions.defaults().withSegmentBytes(64 << 10, 64 << 10);
        Event event = Event.of("Happened", Data.of(new byte[150], Data.BINARY));
        try (LogEventStore store = LogEventStore.open(disk, options)) {
            for (int i = 0; i < 300; i++) {
                store.append(STREAM, i, List.of(event.withId(new UUID(1, i))));
            }
        }
        String index = disk.list().stream().filter(KeyTable::isName).findFirst().orElseThrow();
        IndexFile file = Objects.requireNonNull(IndexFile.open(
                disk, index, IndexFile.KEYS, StoreHeader.readFrom(disk).id()));
        byte[] body = new byte[file.length()];
        file.get(0, body);
        int record = new String(body, ISO_8859_1).indexOf("Happened") - KeyTable.RECORD_HEADER_BYTES;
        assertThat(body[record + 15]).isEqualTo((byte) KeyTable.ORDINALS_ROARING);

        LyingIndex.put(disk, index, record + KeyTable.RECORD_HEADER_BYTES + "Happened".length(), -1);
        try (LogEventStore store = LogEventStore.open(disk, options);
                Stream<RecordedEvent> found = store.read(Query.types("Happened"), 1, Direction.FORWARDS, 999)) {
            assertThat(found).hasSize(300);
        }
    }

    @Test
    void ids_that_share_a_fingerprint_are_told_apart() throws IOException {
        Map<Integer, UUID> seen = new HashMap<>();
        UUID id = new UUID(1, 0);
        UUID other = seen.put(KeyRun.fingerprint(id), id);
        while (other == null) {
            id = new UUID(1, id.getLeastSignificantBits() + 1);
            other = seen.put(KeyRun.fingerprint(id), id);
        }
        Event first = Event.of("Happened", Data.json("{}")).withId(id);
        Event second = Event.of("Happened", Data.json("{}")).withId(other);
        SimDirectory disk = new SimDirectory();
        LogOptions options = LogOptions.defaults().withSegmentBytes(8 << 10, 8 << 10);
        try (LogEventStore store = LogEventStore.open(disk, options)) {
            store.append(STREAM, 0, List.of(first));
            for (int i = 0; i < 60; i++) {
                store.append(StreamId.of("other-1"), i, List.of(Event.of("Happened", Data.json("{}"))));
            }
            assertThat(disk.list()).anyMatch(KeyTable::isName);

            assertThat(store.find(STREAM, other)).isEmpty();
            store.append(STREAM, 1, List.of(second));
            assertThat(store.streamVersion(STREAM)).isEqualTo(2);
            assertThat(store.find(STREAM, id)).isPresent();
        }
    }

    private static int indexFiles(SimDirectory disk) throws IOException {
        return (int) disk.list().stream().filter(KeyTable::isName).count();
    }
}
