// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Headers whose bytes have changed, or say what no writer says: told as what they are, and never believed. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class HeaderDamageTest {
    private static final LogOptions OPTIONS = LogOptions.defaults().withSegmentBytes(8 << 10, 8 << 10);

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final SimDirectory disk = new SimDirectory();

    @BeforeEach
    void fill_some_segments() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            for (int i = 0; i < 60; i++) {
                store.append(StreamId.of("thing-1"), i, List.of(Event.of("Counted", Data.json("{}"))));
            }
        }
        assertThat(disk.list()).contains(Segment.file(3));
    }

    @Test
    void a_flipped_bit_of_a_segments_format_is_damage_there_and_no_newer_program() throws IOException {
        disk.bytes(Segment.file(2))[9] ^= 1;

        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThat(store.damages()).extracting(Damage::file).containsExactly("sim/segment-000002.log");
        }
    }

    @Test
    void a_damaged_header_of_the_store_is_told_and_made_anew_from_the_segments() throws IOException {
        byte[] whole = disk.bytes(StoreHeader.FILE).clone();
        for (int damaged : List.of(0, 9, 16, 60)) { // magic, format, id, checksum
            disk.bytes(StoreHeader.FILE)[damaged] ^= 1;
            checkMadeAnew(whole);
        }
        disk.resize(StoreHeader.FILE, 10);
        checkMadeAnew(whole);
        Arrays.fill(disk.bytes(StoreHeader.FILE), (byte) 0);
        checkMadeAnew(whole);
    }

    private void checkMadeAnew(byte[] whole) throws IOException {
        byte[] before = disk.bytes(StoreHeader.FILE).clone();
        VerifyReport report = LogVerifier.verify(disk);
        assertThat(report.events()).isEqualTo(60);
        assertThat(report.damages()).singleElement().satisfies(damage -> {
            assertThat(damage.file()).isEqualTo("sim/store");
            assertThat(damage.positions()).isEqualTo("no positions");
            assertThat(damage.what()).contains("opening the store makes it anew");
        });
        assertThat(disk.bytes(StoreHeader.FILE)).isEqualTo(before);

        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThat(store.head()).isEqualTo(60);
        }
        assertThat(disk.bytes(StoreHeader.FILE)).isEqualTo(whole);
        assertThat(LogVerifier.verify(disk).damages()).isEmpty();
    }

    @Test
    void a_damaged_header_of_the_store_is_left_alone_where_a_segment_does_not_say_of_which_store_it_is()
            throws IOException {
        disk.bytes(StoreHeader.FILE)[0] ^= 1;
        disk.bytes(Segment.file(2))[20] ^= 1;
        checkLeftAlone();
    }

    @Test
    void a_damaged_header_of_the_store_is_left_alone_where_segments_are_of_several() throws IOException {
        disk.bytes(StoreHeader.FILE)[9] ^= 1;
        ByteBuffer header = ByteBuffer.wrap(disk.bytes(Segment.file(2))).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(16, 7).putInt(88, Checksum.of(header, 0, 88));
        checkLeftAlone();
    }

    private void checkLeftAlone() throws IOException {
        byte[] before = disk.bytes(StoreHeader.FILE).clone();
        assertThatThrownBy(() -> LogEventStore.open(disk, OPTIONS))
                .isInstanceOf(StoreException.Corrupt.class)
                .hasMessageContaining("sim/store")
                .hasMessageContaining("restore it from any backup");
        assertThat(disk.bytes(StoreHeader.FILE)).isEqualTo(before);
    }

    @Test
    void a_file_of_the_headers_name_without_segments_is_somebody_elses() throws IOException {
        SimDirectory other = new SimDirectory();
        try (Directory.OpenFile file = other.create(StoreHeader.FILE, 64)) {
            file.write(ByteBuffer.wrap("a list of what is in store".getBytes(US_ASCII)), 0);
        }
        byte[] before = other.bytes(StoreHeader.FILE).clone();

        assertThatThrownBy(() -> LogEventStore.open(other, OPTIONS))
                .isInstanceOf(StoreException.CannotOpen.class)
                .hasMessageContaining("use another folder");
        assertThat(other.bytes(StoreHeader.FILE)).isEqualTo(before);
        assertThat(other.names()).containsExactly(StoreHeader.FILE);
    }

    @Test
    void a_segment_that_says_that_it_took_the_place_of_all_others_does_not_hang_who_opens_it() throws IOException {
        for (int number = 1; number <= 2; number++) {
            for (int last : List.of(Integer.MAX_VALUE, number - 1, -2, Integer.MIN_VALUE)) {
                SimDirectory other = withLastNumber(number, last);
                String damaged = "sim/" + Segment.file(number);

                List<Damage> damages = assertTimeoutPreemptively(
                        TIMEOUT, () -> LogVerifier.verify(other).damages());

                assertThat(damages).extracting(Damage::file).containsOnlyOnce(damaged);
            }
            SimDirectory other = withLastNumber(number, 999_999);
            assertTimeoutPreemptively(
                    TIMEOUT,
                    () -> assertThatThrownBy(() -> LogVerifier.verify(other))
                            .isInstanceOf(StoreException.CannotOpen.class)
                            .hasMessageContaining(Segment.file(3)));
        }
    }

    @Test
    void segments_that_were_swapped_are_told_by_their_numbers() throws IOException {
        disk.rename(Segment.file(2), "swapped");
        disk.rename(Segment.file(1), Segment.file(2));
        disk.rename("swapped", Segment.file(1));

        assertThat(LogVerifier.verify(disk).damages())
                .extracting(Damage::toString)
                .anyMatch(damage -> damage.startsWith("sim/segment-000001.log") && damage.contains("is segment 2,"))
                .anyMatch(damage -> damage.startsWith("sim/segment-000002.log") && damage.contains("is segment 1,"));
    }

    @Test
    void a_frame_of_a_kind_that_no_writer_writes_is_damage_and_not_passed_over() throws IOException {
        String last = disk.lastSegment();
        ByteBuffer bytes = ByteBuffer.wrap(disk.bytes(last)).order(ByteOrder.LITTLE_ENDIAN);
        int at = SegmentHeader.BYTES;
        for (int next = at; bytes.getInt(next) == Frame.MAGIC; next += bytes.getInt(next + 8)) {
            at = next;
        }
        bytes.putInt(at + 12, 4).putInt(at + 4, Checksum.of(bytes, at + 8, bytes.getInt(at + 8) - 8));

        Damage damage = LogVerifier.verify(disk).damages().getFirst();
        assertThat(damage.toString())
                .contains(last + " is damaged at byte " + at)
                .contains("kind 4");
        assertThat(damage.firstPosition()).isEqualTo(60);
        assertThat(damage.lastPosition()).isEqualTo(60);
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThat(store.damages()).containsExactly(damage);
        }
    }

    private SimDirectory withLastNumber(int number, int last) throws IOException {
        SimDirectory other = disk.afterKill();
        ByteBuffer header = ByteBuffer.wrap(other.bytes(Segment.file(number))).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(56, last).putInt(88, Checksum.of(header, 0, 88));
        return other;
    }
}
