// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Damaged events that nothing tells of until a damaged index is made anew: the very call that finds them is right. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class LateDamageTest {
    private static final int APPENDS = 60;
    private static final LogOptions OPTIONS = LogOptions.defaults().withSegmentBytes(8 << 10, 8 << 10);
    private static final StreamId OFTEN = StreamId.of("often-1");
    private static final StreamId RARE = StreamId.of("rare-1");

    private final SimDirectory disk = new SimDirectory();

    @Test
    void an_append_that_finds_out_that_its_stream_is_damaged_is_refused() throws IOException {
        fill(0);
        flip(Segment.file(1), SegmentHeader.BYTES + Frame.HEADER_BYTES + EventRecord.HEADER_BYTES); // its first event
        flip(disk.list().getFirst(), 4_096); // and where the index has its keys
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThat(store.damages()).isEmpty();
            assertThatThrownBy(() -> store.append(RARE, 0, counted(1))).isInstanceOf(StoreException.Unavailable.class);
        }
    }

    @Test
    void an_append_that_finds_its_stream_shorter_than_it_was_is_not_told_of_a_conflict() throws IOException {
        try (LogEventStore store = openThenLoseTheEndAndItsIndex()) {
            assertThatThrownBy(() -> store.append(RARE, 1, counted(1))).isInstanceOf(StoreException.Unavailable.class);
        }
    }

    @Test
    void what_is_restored_is_refused_when_that_finds_its_stream_damaged() throws IOException {
        try (LogEventStore store = openThenLoseTheEndAndItsIndex()) {
            RecordedEvent next = new RecordedEvent(
                    store.head() + 1,
                    RARE,
                    2,
                    Instant.parse("2100-01-01T00:00:00Z"),
                    counted(1).getFirst());

            assertThatThrownBy(() -> store.restore(List.of(next))).isInstanceOf(StoreException.Unavailable.class);
        }
    }

    @Test
    void a_read_of_events_that_are_gone_from_a_segments_end_does_not_end_before_them() throws IOException {
        try (LogEventStore store = openThenLoseTheEndAndItsIndex();
                Stream<RecordedEvent> events = store.readStream(RARE, 1, Direction.FORWARDS, 1)) {
            assertThatThrownBy(events::toList).isInstanceOf(StoreException.Corrupt.class);
        }
    }

    @Test
    void a_version_is_not_told_by_an_index_that_turns_out_to_miss_events() throws IOException {
        try (LogEventStore store = openThenLoseTheEndAndItsIndex()) {
            assertThatThrownBy(() -> store.streamVersion(RARE)).isInstanceOf(StoreException.Corrupt.class);
        }
    }

    @Test
    void the_streams_are_not_told_by_an_index_that_turns_out_to_miss_events() throws IOException {
        try (LogEventStore store = openThenLoseTheEndAndItsIndex();
                Stream<StreamVersion> streams = store.streams()) {
            assertThatThrownBy(streams::toList).isInstanceOf(StoreException.Corrupt.class);
        }
    }

    @Test
    void appends_to_one_stream_go_on_across_the_repair_of_its_index() throws IOException {
        fill(0);
        flip(disk.list().getFirst(), 4_096);
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThat(store.append(RARE, 1, counted(1)).version()).isEqualTo(2);
            assertThat(store.append(RARE, 2, counted(2)).version()).isEqualTo(3);
        }
        assertThat(LogVerifier.verify(disk).damages()).isEmpty();
    }

    private LogEventStore openThenLoseTheEndAndItsIndex() throws IOException {
        fill(20);
        LogEventStore store = LogEventStore.open(disk, OPTIONS);
        flip(disk.list().getFirst(), 4_096);
        byte[] bytes = disk.bytes(Segment.file(1));
        int at = new String(bytes, ISO_8859_1).indexOf(RARE.toString());
        Arrays.fill(bytes, at - 8, bytes.length, (byte) 0);
        return store;
    }

    /** Fills some segments; {@code rare} is when the one event of a stream comes among those of another. */
    private void fill(int rare) throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            for (int i = 0; i < APPENDS; i++) {
                if (i == rare) {
                    store.append(RARE, 0, counted(i));
                }
                store.append(OFTEN, i, counted(i));
            }
        }
    }

    private static List<Event> counted(int number) {
        return List.of(Event.of("Counted", Data.json("{\"n\":%d}".formatted(number))));
    }

    private void flip(String file, int at) throws IOException {
        disk.bytes(file)[at] ^= (byte) (1 << (at % 8));
    }
}
