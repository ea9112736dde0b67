// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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
}
