// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Segments rewritten stream by stream: nothing changes but where the bytes lie, whatever happens on the way. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class CompactTest {
    private static final int APPENDS = 150;
    private static final int STREAMS = 7;
    private static final LogOptions OPTIONS = LogOptions.defaults().withSegmentBytes(8 << 10, 8 << 10);

    private final SimDirectory disk = new SimDirectory();
    private List<RecordedEvent> written = List.of();

    @BeforeEach
    void fill_some_segments() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            for (int i = 0; i < APPENDS; i++) {
                store.append(StreamId.of("thing-" + i % STREAMS), i / STREAMS, List.of(event(i)));
            }
            written = all(store);
        }
    }

    @Test
    void every_event_keeps_its_position_and_the_log_goes_on() throws IOException {
        int before = segments();
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            CompactReport report = store.compact();

            assertThat(report.events()).isGreaterThan(APPENDS / 2);
            assertThat(report.segmentsAfter()).isLessThan(report.segmentsBefore());
            check(store);
            store.append(StreamId.of("thing-0"), (APPENDS + STREAMS - 1) / STREAMS, List.of(event(APPENDS)));
            written = all(store);
            assertThat(written).hasSize(APPENDS + 1);
        }
        assertThat(segments()).isLessThan(before);
        assertThat(LogVerifier.verify(disk).clean()).isTrue();
        assertThat(LogVerifier.verify(disk).events()).isEqualTo(APPENDS + 1);
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            check(store);
        }
    }

    @Test
    void segments_in_the_middle_of_the_log_become_one_that_is_in_its_place() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            for (int i = APPENDS; i < 2 * APPENDS; i++) {
                store.append(StreamId.of("more-1"), i - APPENDS, List.of(event(i)));
            }
            written = all(store);
            store.compact();
        }
        assertThat(disk.list()).contains(Segment.file(1), Segment.file(5)).doesNotContain(Segment.file(6));

        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            check(store);
        }
        assertThat(LogVerifier.verify(disk).clean()).isTrue();
    }

    @Test
    void what_was_compacted_is_left_alone_the_next_time() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            store.compact();

            assertThat(store.compact().segmentsBefore())
                    .isLessThanOrEqualTo(store.compact().segmentsAfter());
            assertThat(store.compact().events()).isZero();
        }
    }

    @Test
    void a_compacted_log_without_its_index_files_is_the_same() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            store.compact();
        }
        for (String file : disk.list()) {
            if (file.endsWith(".keys") || file.endsWith(".offsets")) {
                disk.remove(file);
            }
        }
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            check(store);
        }
    }

    @Test
    void a_crash_or_a_failure_at_any_call_changes_nothing() throws IOException {
        int calls = calls();
        SplittableRandom random = new SplittableRandom(1);
        for (int failing = 1; failing <= calls; failing++) {
            SimDirectory copy = disk.afterKill();
            int call = copy.calls() + failing;
            copy.faults((number, what) -> {
                if (number >= call) {
                    throw new IOException("no luck");
                }
            });
            try (LogEventStore store = LogEventStore.open(copy, OPTIONS)) {
                store.compact();
            } catch (IOException | StoreException.Unavailable e) {
                assertThat(e).hasMessageContaining("no luck");
            }
            for (SimFile.Loss loss : SimFile.Loss.values()) {
                SimDirectory after = copy.afterPowerCut(Choice.random(random), loss);
                try (LogEventStore store = LogEventStore.open(after, OPTIONS)) {
                    assertThat(after.names())
                            .filteredOn(Segment::isOffsetsFile)
                            .allMatch(name -> after.names().contains(name.replace(".offsets", ".log")));
                    check(store);
                    store.compact();
                    check(store);
                }
                assertThat(LogVerifier.verify(after).clean()).isTrue();
            }
        }
    }

    @Test
    void a_compacted_log_is_opened_with_the_index_that_it_has() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            store.compact();
        }
        disk.faults((call, what) -> assertThat(what).doesNotStartWith("create"));
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            check(store);
        }
    }

    @Test
    void a_damaged_event_stops_it_and_nothing_is_lost_with_it() throws IOException {
        disk.bytes(Segment.file(1))[6_000] ^= 1;
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThatThrownBy(store::compact)
                    .isInstanceOf(StoreException.Corrupt.class)
                    .hasMessageContaining("segment-000001.log");
        }
        disk.bytes(Segment.file(1))[6_000] ^= 1;
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            check(store);
        }
    }

    @Test
    void a_damaged_index_is_made_anew_by_it() throws IOException {
        String index = disk.list().stream().filter(KeyTable::isName).findFirst().orElseThrow();
        disk.bytes(index)[4_096] ^= 1;
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThat(store.compact().events()).isPositive();
            check(store);
        }
        assertThat(LogVerifier.verify(disk).clean()).isTrue();
    }

    @Test
    void a_damaged_index_of_damaged_events_stops_it() throws IOException {
        String index = disk.list().stream().filter(KeyTable::isName).findFirst().orElseThrow();
        disk.bytes(index)[4_096] ^= 1;
        disk.bytes(Segment.file(1))[6_000] ^= 1;
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThatThrownBy(store::compact).isInstanceOf(StoreException.Corrupt.class);
        }
    }

    @Test
    void a_segment_that_lost_all_its_frames_stops_it() throws IOException {
        byte[] bytes = disk.bytes(Segment.file(2));
        Arrays.fill(bytes, SegmentHeader.BYTES, bytes.length, (byte) 0);
        disk.remove(Segment.offsetsFile(2));
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThatThrownBy(store::compact)
                    .isInstanceOf(StoreException.Corrupt.class)
                    .hasMessageContaining(Segment.file(2));
        }
    }

    @Test
    void an_index_that_knows_one_event_twice_and_another_not_at_all_stops_it() throws IOException {
        String index = disk.list().stream().filter(KeyTable::isName).findFirst().orElseThrow();
        StreamId stream = StreamId.of("thing-0");
        KeyTable table = Objects.requireNonNull(
                KeyTable.open(disk, index, StoreHeader.readFrom(disk).id()));
        int ordinals = table.locate(Key.Hash.STANDARD.stream(stream))
                + KeyTable.RECORD_HEADER_BYTES
                + FrameBuffer.alignUp(stream.toString().length(), Long.BYTES);
        LyingIndex.put(disk, index, ordinals + Integer.BYTES, 0); // the second event is the first one, as long as it
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThatThrownBy(store::compact)
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining(index + " does not know every event")
                    .hasMessageContaining("delete it");
        }
        disk.remove(index);
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThat(store.compact().events()).isPositive();
            check(store);
        }
    }

    @Test
    void a_damaged_byte_in_a_compacted_segment_costs_one_event() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            store.compact();
        }
        disk.bytes(Segment.file(1))[9_000] ^= 1;

        VerifyReport report = LogVerifier.verify(disk);

        assertThat(report.events()).isEqualTo(APPENDS - 1);
        assertThat(report.damages()).anyMatch(damage -> damage.firstPosition() == damage.lastPosition());
    }

    @Test
    void a_compacted_segment_is_sealed_anew_without_a_copy_of_its_events_in_memory() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            store.compact();
        }
        byte[] bytes = disk.bytes(Segment.file(1));
        bytes[bytes.length - Frame.HEADER_BYTES] ^= 1;
        disk.remove(Segment.offsetsFile(1)); // as whoever verifies the log is told to
        AtomicLong compared = new AtomicLong();
        WatchedDirectory watched = new WatchedDirectory(disk, new WatchedDirectory.Watch() {
            @Override
            public void before(String what, long length) {}

            @Override
            public void compared(long length) {
                compared.accumulateAndGet(length, Math::max);
            }
        });
        try (LogEventStore store = LogEventStore.open(watched, OPTIONS)) {
            check(store);
        }
        assertThat(compared.get()).isPositive().isLessThan(8 << 10);
        assertThat(LogVerifier.verify(disk).damages()).isEmpty();
    }

    @Test
    void segments_that_were_replaced_are_kept_until_the_log_is_whole() throws IOException {
        byte[] replaced = disk.bytes(Segment.file(2)).clone();
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            store.compact();
        }
        try (Directory.OpenFile file = disk.create(Segment.file(2), 0)) {
            file.write(ByteBuffer.wrap(replaced), 0); // as a crash leaves it
        }
        List<String> segments =
                disk.list().stream().filter(name -> Segment.number(name) > 0).toList();
        for (String damaged : List.of(segments.getFirst(), segments.getLast())) {
            byte[] bytes = disk.bytes(damaged);
            bytes[4_200] ^= 1;
            disk.remove(damaged.replace(".log", ".offsets"));
            try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
                assertThat(store.damages()).isNotEmpty();
            }
            assertThat(disk.bytes(Segment.file(2))).isEqualTo(replaced);
            bytes[4_200] ^= 1;
        }

        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            check(store);
        }
        assertThat(disk.list()).doesNotContain(Segment.file(2));
    }

    private int calls() throws IOException {
        SimDirectory copy = disk.afterKill();
        int before = copy.calls();
        try (LogEventStore store = LogEventStore.open(copy, OPTIONS)) {
            store.compact();
        }
        return copy.calls() - before;
    }

    private int segments() throws IOException {
        return (int)
                disk.list().stream().filter(name -> Segment.number(name) > 0).count();
    }

    private void check(LogEventStore store) {
        assertThat(all(store)).isEqualTo(written);
        for (int i = 0; i < STREAMS; i++) {
            StreamId stream = StreamId.of("thing-" + i);
            try (Stream<RecordedEvent> events = store.readStream(stream)) {
                assertThat(events.toList())
                        .isEqualTo(written.stream()
                                .filter(event -> event.stream().equals(stream))
                                .toList());
            }
        }
    }

    private static Event event(int number) {
        return Event.of("Counted", Data.json("{\"n\":%d}".formatted(number)));
    }

    private static List<RecordedEvent> all(LogEventStore store) {
        try (Stream<RecordedEvent> events = store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            return events.toList();
        }
    }
}
