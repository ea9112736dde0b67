// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
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
    void a_flipped_bit_of_the_stores_format_is_damage_and_no_newer_program() throws IOException {
        disk.bytes(StoreHeader.FILE)[9] ^= 1;

        assertThatThrownBy(() -> LogEventStore.open(disk, OPTIONS))
                .isInstanceOf(StoreException.Corrupt.class)
                .hasMessageContaining("sim/store");
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

    private SimDirectory withLastNumber(int number, int last) throws IOException {
        SimDirectory other = disk.afterKill();
        ByteBuffer header = ByteBuffer.wrap(other.bytes(Segment.file(number))).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(56, last).putInt(88, Checksum.of(header, 0, 88));
        return other;
    }
}
