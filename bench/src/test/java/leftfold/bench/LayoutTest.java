// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import leftfold.memory.MemoryEventStore;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class LayoutTest {

    @Test
    void at_100_million_events_there_are_10_million_streams_and_long_ones_among_them() {
        Layout layout = Layout.of(100_000_000);
        assertThat(layout.longStreams()).isEqualTo(500_000);
        assertThat(layout.shortStreams()).isEqualTo(10_000_000);
        assertThat(layout.events()).isEqualTo(100_010_000);
    }

    @Test
    void every_stream_has_its_events_and_they_lie_apart() {
        Layout layout = Layout.of(20_000);
        try (EventStore store = new MemoryEventStore()) {
            layout.appends(store::append);
            assertThat(store.head()).isEqualTo(layout.events());
            try (Stream<StreamVersion> streams = store.streams()) {
                assertThat(streams.count()).isEqualTo(layout.longStreams() + layout.shortStreams() + 1);
            }
            for (int i = 0; i < layout.shortStreams(); i++) {
                assertThat(store.streamVersion(layout.shortStream(i))).isEqualTo(Layout.SHORT_EVENTS);
            }
            for (int i = 0; i < layout.longStreams(); i++) {
                List<Long> positions = positions(store, layout.longStream(i));
                assertThat(positions).hasSize(Layout.LONG_EVENTS);
                assertThat(positions.getFirst()).isLessThanOrEqualTo(2L * layout.longStreams());
                assertThat(positions.getLast()).isGreaterThan(99 * 2L * layout.longStreams());
            }
        }
    }

    @Test
    void the_rare_events_are_those_of_one_stream_and_those_with_the_tag() {
        Layout layout = Layout.of(40_000);
        try (EventStore store = new MemoryEventStore()) {
            layout.appends(store::append);
            List<Long> stream = positions(store, Layout.RARE_STREAM);
            assertThat(stream).hasSize(4).hasSize((int) layout.rareEvents());
            try (Stream<RecordedEvent> tagged =
                    store.read(Query.tags(Layout.RARE_TAG), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
                assertThat(tagged.map(RecordedEvent::position)).isEqualTo(stream);
            }
        }
    }

    private static List<Long> positions(EventStore store, StreamId stream) {
        try (Stream<RecordedEvent> found = store.readStream(stream)) {
            return found.map(RecordedEvent::position).toList();
        }
    }
}
