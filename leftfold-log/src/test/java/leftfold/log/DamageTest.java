// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import leftfold.store.Batch;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.Subscription;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Stores whose bytes have changed behind their back: never wrong data, never a silent cut in the middle. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class DamageTest {
    private static final int APPENDS = 60;
    private static final LogOptions OPTIONS = LogOptions.defaults().withSegmentBytes(8 << 10, 8 << 10);
    private static final StreamId EVEN = StreamId.of("number-even");
    private static final StreamId ODD = StreamId.of("number-odd");

    private SimDirectory disk = new SimDirectory();
    private List<RecordedEvent> written = List.of();

    @BeforeEach
    void fill_some_segments() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            for (int i = 0; i < APPENDS; i++) {
                StreamId stream = i % 2 == 0 ? EVEN : ODD;
                store.append(stream, i / 2, counted(i));
            }
            written = all(store);
        }
        assertThat(disk.list()).contains("segment-000002.log");
    }

    @Tag("slow")
    @Test
    void every_flipped_byte_is_found_or_changes_nothing() throws IOException {
        for (String file : disk.list()) {
            int length = disk.bytes(file).length;
            for (int at = 0; at < length; at++) {
                flip(file, at);
                checkNothingWrong(file + " at " + at);
                flip(file, at);
            }
        }
    }

    @Test
    void a_flipped_byte_in_the_middle_is_reported_with_its_file_and_place() throws IOException {
        damageAnEvent();

        VerifyReport report = LogVerifier.verify(disk);

        assertThat(report.clean()).isFalse();
        assertThat(report.events()).isLessThan(APPENDS);
        Damage damage = report.damages().getFirst();
        assertThat(damage.file()).isEqualTo("sim/segment-000001.log");
        assertThat(damage.offset()).isBetween(5_800L, 6_200L);
        assertThat(damage.lastPosition()).isEqualTo(damage.firstPosition());
    }

    @Test
    void a_header_is_not_believed_whose_checksum_is_wrong() throws IOException {
        flip("segment-000002.log", 60); // the field without a use: nothing else can tell

        Damage damage = LogVerifier.verify(disk).damages().getFirst();

        assertThat(damage.file()).isEqualTo("sim/segment-000002.log");
    }

    @Test
    void what_is_whole_can_be_read_around_the_damage_and_nothing_can_be_appended() throws IOException {
        damageAnEvent();
        dropIndex();
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            Damage damage = store.damages().getFirst();
            long lost = damage.firstPosition();

            try (Stream<RecordedEvent> before = store.read(Query.all(), 1, Direction.FORWARDS, lost - 1)) {
                assertThat(before.toList()).isEqualTo(written.subList(0, (int) lost - 1));
            }
            try (Stream<RecordedEvent> after = store.read(Query.all(), lost + 1, Direction.FORWARDS, 1_000)) {
                assertThat(after.toList()).isEqualTo(written.subList((int) lost, APPENDS));
            }
            assertThatThrownBy(() -> all(store))
                    .isInstanceOfSatisfying(
                            StoreException.Corrupt.class,
                            e -> assertThat(e.offset()).isEqualTo(damage.offset()));
            assertThatThrownBy(() -> store.append(ODD, 30, counted(60)))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("restore a backup");
        }
    }

    @Test
    void a_stream_that_lost_nothing_is_read_in_full_across_the_damage() throws IOException {
        damageAnEvent();
        dropIndex();
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            StreamId damaged = written.get((int) store.damages().getFirst().firstPosition() - 1).stream();
            StreamId whole = damaged.equals(EVEN) ? ODD : EVEN;

            try (Stream<RecordedEvent> events = store.readStream(whole)) {
                assertThat(events.toList())
                        .isEqualTo(written.stream()
                                .filter(event -> event.stream().equals(whole))
                                .toList());
            }
            assertThatThrownBy(() -> store.readStream(damaged).toList()).isInstanceOf(StoreException.Corrupt.class);
        }
    }

    @Test
    void a_read_of_a_stream_that_begins_at_a_lost_event_does_not_begin_at_another_one() throws IOException {
        RecordedEvent lost = lose(7);
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThatThrownBy(() -> read(store, lost.stream(), lost.version(), Direction.FORWARDS))
                    .isInstanceOf(StoreException.Corrupt.class);
            assertThatThrownBy(() -> read(store, lost.stream(), lost.version(), Direction.BACKWARDS))
                    .isInstanceOf(StoreException.Corrupt.class);
            assertThat(read(store, lost.stream(), lost.version() + 1, Direction.FORWARDS))
                    .containsExactly(written.get(8));
            assertThat(read(store, lost.stream(), lost.version() - 1, Direction.BACKWARDS))
                    .containsExactly(written.get(4));
        }
    }

    @Test
    void a_stream_whose_last_event_is_lost_does_not_seem_to_end_before_it() throws IOException {
        disk = new SimDirectory();
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            store.append(EVEN, 0, counted(1));
            store.append(EVEN, 1, counted(2));
            store.append(ODD, 0, counted(3));
            written = all(store);
        }
        lose(2);
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThatThrownBy(() -> read(store, EVEN, 2, Direction.FORWARDS))
                    .isInstanceOf(StoreException.Corrupt.class);
            assertThatThrownBy(() -> store.streamVersion(EVEN)).isInstanceOf(StoreException.Corrupt.class);
            assertThat(read(store, ODD, 2, Direction.FORWARDS)).isEmpty();
        }
    }

    @Test
    void an_event_that_may_be_lost_is_not_said_to_be_absent() throws IOException {
        RecordedEvent lost = lose(7);
        StreamId whole = lost.stream().equals(EVEN) ? ODD : EVEN;
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThatThrownBy(() -> store.find(lost.stream(), lost.id())).isInstanceOf(StoreException.Corrupt.class);
            assertThat(store.find(lost.stream(), written.get(8).id())).contains(written.get(8));
            assertThat(store.find(whole, lost.id())).isEmpty();
        }
    }

    @Test
    void a_subscription_delivers_what_is_whole_before_the_damage_and_then_ends_there() throws Exception {
        lose(7);
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            Subscription subscription = store.subscribe(Query.all(), 0);

            Batch batch = subscription.next(100, Duration.ZERO);

            assertThat(batch.events()).isEqualTo(written.subList(0, 6));
            assertThat(batch.position()).isEqualTo(6);
            assertThatThrownBy(() -> subscription.next(100, Duration.ZERO)).isInstanceOf(StoreException.Corrupt.class);
        }
    }

    @Test
    void bytes_of_a_former_life_behind_the_last_frame_are_no_events() throws IOException {
        SimDirectory former = new SimDirectory();
        disk = new SimDirectory();
        for (SimDirectory one : List.of(former, disk)) {
            int appends = one == former ? 2 : 1;
            try (LogEventStore store = LogEventStore.open(one, OPTIONS)) {
                for (int i = 0; i < appends; i++) {
                    store.append(EVEN, i, counted(i));
                }
            }
        }
        byte[] left = former.bytes("segment-000001.log");
        int second = SegmentHeader.BYTES + frameLength(left, SegmentHeader.BYTES);
        System.arraycopy(left, second, disk.bytes("segment-000001.log"), second, frameLength(left, second));

        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThat(all(store)).hasSize(1);
        }
    }

    @Test
    void a_frame_written_to_the_wrong_place_is_damage_there_and_nowhere_else() throws IOException {
        byte[] bytes = disk.bytes("segment-000001.log");
        int first = SegmentHeader.BYTES;
        int fifth = first;
        for (int i = 1; i < 5; i++) {
            fifth += frameLength(bytes, fifth);
        }
        System.arraycopy(bytes, first, bytes, fifth, frameLength(bytes, fifth)); // both are of one stream, and as long

        assertThat(LogVerifier.verify(disk).damages())
                .extracting(Damage::offset, Damage::firstPosition, Damage::lastPosition)
                .containsExactly(tuple((long) fifth, 5L, 5L));
    }

    @Test
    void a_segment_whose_end_is_gone_is_no_torn_tail_if_another_segment_follows() throws IOException {
        byte[] bytes = disk.bytes("segment-000001.log");
        Arrays.fill(bytes, 6_000, bytes.length, (byte) 0);

        assertThat(LogVerifier.verify(disk).clean()).isFalse();
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThatThrownBy(() -> all(store)).isInstanceOf(StoreException.Corrupt.class);
        }
    }

    @Test
    void a_damaged_byte_between_events_loses_none_but_is_told() throws IOException {
        flip("segment-000001.log", SegmentHeader.BYTES + 20); // in the header of the first frame
        dropIndex();

        assertThat(LogVerifier.verify(disk).events()).isEqualTo(APPENDS);
        assertThat(LogVerifier.verify(disk).clean()).isFalse();
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThat(all(store)).isEqualTo(written);
        }
    }

    @Test
    void a_damaged_event_in_an_indexed_segment_is_found_when_it_is_read_and_appends_go_on() throws IOException {
        damageAnEvent();
        long lost = LogVerifier.verify(disk).damages().getFirst().firstPosition();
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThat(store.append(ODD, 30, counted(60)).position()).isEqualTo(APPENDS + 1);

            assertThatThrownBy(() ->
                            store.read(Query.all(), lost, Direction.FORWARDS, 1).toList())
                    .isInstanceOf(StoreException.Corrupt.class)
                    .hasMessageContaining("segment-000001.log")
                    .hasMessageContaining("position " + lost);
            try (Stream<RecordedEvent> after = store.read(Query.all(), lost + 1, Direction.FORWARDS, 1)) {
                assertThat(after.toList()).containsExactly(written.get((int) lost));
            }
        }
    }

    @Test
    void every_missing_file_is_noticed() throws IOException {
        for (String file : disk.list()) {
            SimDirectory other = disk.afterKill();
            other.remove(file);
            if (isDerived(file)) {
                try (LogEventStore store = LogEventStore.open(other, OPTIONS)) {
                    assertThat(all(store)).as(file).isEqualTo(written);
                }
                continue;
            }
            assertThatThrownBy(() -> {
                        try (LogEventStore store = LogEventStore.open(other, OPTIONS)) {
                            all(store);
                        }
                    })
                    .as(file)
                    .isInstanceOf(StoreException.class)
                    .hasMessageMatching("(?s).*(missing|damaged).*");
        }
    }

    @Test
    void a_store_with_segments_of_another_one_is_refused_by_name() throws IOException {
        SimDirectory other = new SimDirectory();
        LogEventStore.open(other, OPTIONS).close();
        System.arraycopy(
                other.bytes("segment-000001.log"), 0, disk.bytes("segment-000001.log"), 0, SegmentHeader.BYTES);

        assertThatThrownBy(() -> LogEventStore.open(disk, OPTIONS))
                .isInstanceOf(StoreException.CannotOpen.class)
                .hasMessageContaining("segment-000001.log belongs to another store");
    }

    @Test
    void a_zeroed_sector_in_the_middle_is_damage_and_no_torn_tail() throws IOException {
        byte[] bytes = disk.bytes("segment-000002.log");
        Arrays.fill(bytes, 4_096, 4_608, (byte) 0);

        assertThat(LogVerifier.verify(disk).damages()).isNotEmpty();
        assertThat(LogVerifier.verify(disk).tornBytes()).isZero();
    }

    /** Whatever is read is what was written; a shorter log is right only where the very last append is gone. */
    private void checkNothingWrong(String where) throws IOException {
        SimDirectory copy = disk.afterKill();
        VerifyReport report;
        List<RecordedEvent> found;
        try {
            report = LogVerifier.verify(disk);
        } catch (StoreException.CannotOpen e) {
            return;
        }
        try (LogEventStore store = LogEventStore.open(copy, OPTIONS)) {
            found = all(store);
        } catch (StoreException.Corrupt | StoreException.CannotOpen e) {
            return;
        }
        assertThat(found)
                .as(where)
                .isEqualTo(written.subList(0, Math.min(found.size(), APPENDS)))
                .hasSizeGreaterThanOrEqualTo(APPENDS - 1);
        if (found.size() < APPENDS) {
            assertThat(report.tornBytes()).as(where).isPositive();
        }
    }

    /** Has the store read its segments when it is opened, not the files that are derived from them. */
    private void dropIndex() throws IOException {
        for (String file : disk.list()) {
            if (isDerived(file)) {
                disk.remove(file);
            }
        }
    }

    private static boolean isDerived(String file) {
        return file.endsWith(".keys") || file.endsWith(".offsets");
    }

    private void damageAnEvent() throws IOException {
        for (int at = 6_000; ; at += 8) {
            flip("segment-000001.log", at);
            if (LogVerifier.verify(disk).events() < APPENDS) {
                return;
            }
            flip("segment-000001.log", at);
        }
    }

    /** Damages the event at {@code position}, in the first segment, and returns it. */
    private RecordedEvent lose(long position) throws IOException {
        for (int at = SegmentHeader.BYTES; ; at += Frame.HEADER_BYTES) {
            flip("segment-000001.log", at);
            List<Damage> damages = LogVerifier.verify(disk).damages();
            boolean lost = !damages.isEmpty()
                    && damages.getFirst().firstPosition() == position
                    && damages.getFirst().lastPosition() == position;
            if (lost) {
                dropIndex();
                return written.get((int) position - 1);
            }
            flip("segment-000001.log", at);
        }
    }

    private static int frameLength(byte[] segment, int offset) {
        return ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN).getInt(offset + 8);
    }

    private static List<Event> counted(int number) {
        return List.of(Event.of("Counted", Data.json("{\"n\":%d}".formatted(number))));
    }

    private static List<RecordedEvent> read(EventStore store, StreamId stream, long from, Direction direction) {
        try (Stream<RecordedEvent> events = store.readStream(stream, from, direction, 1)) {
            return events.toList();
        }
    }

    private void flip(String file, int at) throws IOException {
        disk.bytes(file)[at] ^= (byte) (1 << (at % 8));
    }

    private static List<RecordedEvent> all(EventStore store) {
        try (Stream<RecordedEvent> events = store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            return events.toList();
        }
    }
}
