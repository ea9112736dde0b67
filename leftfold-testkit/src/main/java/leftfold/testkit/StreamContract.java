// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static leftfold.store.Direction.BACKWARDS;
import static leftfold.store.Direction.FORWARDS;
import static leftfold.testkit.SampleEvents.ABSENT;
import static leftfold.testkit.SampleEvents.INVOICE_1;
import static leftfold.testkit.SampleEvents.ORDER_1;
import static leftfold.testkit.SampleEvents.ORDER_2;
import static leftfold.testkit.SampleEvents.event;
import static leftfold.testkit.SampleEvents.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.Test;

/** The part of the contract about one stream, and about all of them. */
interface StreamContract extends StoreContract {
    /** Returns the versions that a read of {@link SampleEvents#ORDER_1} returns. */
    default List<Long> versions(long from, Direction direction, long limit) {
        try (Stream<RecordedEvent> events = store().readStream(ORDER_1, from, direction, limit)) {
            return events.map(RecordedEvent::version).toList();
        }
    }

    /** Appends five events to one stream, between those of others. */
    default void fiveVersions() {
        append(ORDER_1, events(2));
        append(ORDER_2, events(2));
        append(ORDER_1, events(1));
        append(INVOICE_1, events(1));
        append(ORDER_1, events(2));
    }

    @Test
    default void a_stream_is_read_by_version_in_both_directions() {
        fiveVersions();

        assertThat(versions(1, FORWARDS, Long.MAX_VALUE)).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(versions(Long.MAX_VALUE, BACKWARDS, Long.MAX_VALUE)).containsExactly(5L, 4L, 3L, 2L, 1L);
        assertThat(readStream(ORDER_1)).isEqualTo(read(Query.stream(ORDER_1)));
    }

    @Test
    default void a_range_of_a_stream_begins_at_from_inclusive() {
        fiveVersions();

        assertThat(versions(3, FORWARDS, Long.MAX_VALUE)).containsExactly(3L, 4L, 5L);
        assertThat(versions(3, FORWARDS, 2)).containsExactly(3L, 4L);
        assertThat(versions(3, BACKWARDS, Long.MAX_VALUE)).containsExactly(3L, 2L, 1L);
        assertThat(versions(3, BACKWARDS, 2)).containsExactly(3L, 2L);
        assertThat(versions(3, FORWARDS, 0)).isEmpty();
    }

    @Test
    default void zero_and_one_are_a_streams_beginning_and_anything_beyond_its_end_is_its_end() {
        fiveVersions();

        assertThat(versions(0, FORWARDS, 1)).containsExactly(1L);
        assertThat(versions(1, FORWARDS, 1)).containsExactly(1L);
        assertThat(versions(6, FORWARDS, 1)).isEmpty();
        assertThat(versions(Long.MAX_VALUE, FORWARDS, 1)).isEmpty();
        assertThat(versions(6, BACKWARDS, 1)).containsExactly(5L);
        assertThat(versions(5, BACKWARDS, 1)).containsExactly(5L);
        assertThat(versions(0, BACKWARDS, 1)).isEmpty();
    }

    @Test
    default void a_negative_from_or_limit_of_a_stream_is_refused() {
        fiveVersions();

        assertThatIllegalArgumentException().isThrownBy(() -> versions(-1, FORWARDS, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> versions(1, BACKWARDS, -1));
        assertThat(versions(1, FORWARDS, 1)).containsExactly(1L);
    }

    @Test
    default void a_read_shows_the_stream_as_it_stood_at_the_call() {
        fiveVersions();
        List<RecordedEvent> before = readStream(ORDER_1);
        try (Stream<RecordedEvent> events = store().readStream(ORDER_1)) {
            append(ORDER_1, events(2));

            assertThat(events.toList()).hasSize(5).isEqualTo(before);
        }
        assertThat(readStream(ORDER_1)).hasSize(7);
    }

    @Test
    default void a_stream_that_does_not_exist_is_empty_until_it_does() {
        assertThat(readStream(ABSENT)).isEmpty();
        assertThat(store().streamVersion(ABSENT)).isZero();
        assertThat(read(Query.stream(ABSENT))).isEmpty();
        append(ORDER_1, events(1));
        assertThat(readStream(ABSENT)).isEmpty();

        append(ABSENT, events(2));
        assertThat(readStream(ABSENT)).hasSize(2);
        assertThat(store().streamVersion(ABSENT)).isEqualTo(2);
    }

    @Test
    default void an_event_is_found_by_its_id_in_its_stream_only() {
        Event event = event("Sought");
        append(ORDER_1, event("Before"), event, event("After"));
        append(ORDER_2, events(1));

        assertThat(store().find(ORDER_1, event.id())).contains(log().get(1));
        assertThat(store().find(ORDER_2, event.id())).isEmpty();
        assertThat(store().find(ABSENT, event.id())).isEmpty();
        assertThat(store().find(ORDER_1, UUID.fromString("00000000-0000-0000-0000-000000000000")))
                .isEmpty();
    }

    @Test
    default void any_uuid_is_an_id() {
        List<Event> events = Stream.of(
                        new UUID(0, 0), new UUID(-1, -1), new UUID(0, 1), new UUID(1, 0), new UUID(Long.MIN_VALUE, 0))
                .map(event("Any")::withId)
                .toList();
        append(ORDER_1, events);

        assertThat(readStream(ORDER_1)).extracting(RecordedEvent::event).isEqualTo(events);
        for (Event event : events) {
            assertThat(store().find(ORDER_1, event.id()).orElseThrow().event()).isEqualTo(event);
        }
    }

    @Test
    default void streams_are_listed_with_their_versions_in_the_order_of_their_first_events() {
        append(ORDER_2, events(1));
        store().append(
                        List.of(new StreamWrite(INVOICE_1, events(2)), new StreamWrite(StreamId.of("a-1"), events(1))),
                        List.of());
        append(ORDER_1, events(1));
        append(ORDER_2, events(3));

        try (Stream<StreamVersion> streams = store().streams()) {
            assertThat(streams)
                    .containsExactly(
                            new StreamVersion(ORDER_2, 4),
                            new StreamVersion(INVOICE_1, 2),
                            new StreamVersion(StreamId.of("a-1"), 1),
                            new StreamVersion(ORDER_1, 1));
        }
    }

    @Test
    default void an_empty_log_has_no_streams_no_events_and_head_0() {
        assertThat(store().head()).isZero();
        assertThat(log()).isEmpty();
        try (Stream<StreamVersion> streams = store().streams()) {
            assertThat(streams).isEmpty();
        }
        append(ORDER_1, events(1));
        assertThat(store().head()).isPositive().isEqualTo(log().getLast().position());
    }

    @Test
    default void many_streams_stay_apart() {
        for (int i = 0; i < 500; i++) {
            append(StreamId.of("many", String.valueOf(i)), events(1 + i % 3));
        }

        for (int i = 0; i < 500; i++) {
            StreamId stream = StreamId.of("many", String.valueOf(i));
            assertThat(store().streamVersion(stream)).isEqualTo(1 + i % 3);
            assertThat(readStream(stream))
                    .hasSize(1 + i % 3)
                    .extracting(RecordedEvent::stream)
                    .containsOnly(stream);
        }
    }
}
