// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static leftfold.testkit.SampleEvents.INVOICE_1;
import static leftfold.testkit.SampleEvents.ORDER_1;
import static leftfold.testkit.SampleEvents.ORDER_2;
import static leftfold.testkit.SampleEvents.event;
import static leftfold.testkit.SampleEvents.events;
import static leftfold.testkit.SampleEvents.facts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import leftfold.store.AppendCondition.StreamAt;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Limits;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamVersion;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.Test;

/** The part of the contract that says what an append does, all of it or nothing. */
interface AppendContract extends StoreContract {
    @Test
    default void an_append_returns_the_place_of_its_last_event() {
        AppendResult result = store().append(ORDER_1, 0, events(3));

        assertThat(log()).hasSize(3);
        assertThat(result)
                .isEqualTo(new AppendResult(log().getLast().position(), List.of(new StreamVersion(ORDER_1, 3)), false));
        assertThat(store().head()).isEqualTo(result.position());
        assertThat(store().streamVersion(ORDER_1)).isEqualTo(3);
    }

    @Test
    default void events_have_versions_from_1_and_positions_that_grow() {
        List<Event> events = events(3);
        store().append(ORDER_1, 0, events);
        List<RecordedEvent> log = log();

        assertThat(facts(log)).isEqualTo(events);
        assertThat(log).extracting(RecordedEvent::stream).containsOnly(ORDER_1);
        assertThat(log).extracting(RecordedEvent::version).containsExactly(1L, 2L, 3L);
        assertThat(log.getFirst().position()).isPositive();
        assertThat(log).extracting(RecordedEvent::position).isSorted().doesNotHaveDuplicates();
    }

    @Test
    default void a_later_append_continues_its_stream_and_the_log() {
        AppendResult first = append(ORDER_1, events(2));
        append(ORDER_2, events(1));
        AppendResult last = append(ORDER_1, events(2));

        assertThat(last.version()).isEqualTo(4);
        assertThat(last.position()).isGreaterThan(first.position());
        assertThat(readStream(ORDER_1)).extracting(RecordedEvent::version).containsExactly(1L, 2L, 3L, 4L);
        assertThat(log())
                .extracting(RecordedEvent::stream)
                .containsExactly(ORDER_1, ORDER_1, ORDER_2, ORDER_1, ORDER_1);
    }

    @Test
    default void several_streams_are_written_by_one_append_in_its_order() {
        append(ORDER_2, events(1));
        List<Event> first = events(2);
        List<Event> second = events(1);
        List<Event> third = events(2);

        AppendResult result = store().append(
                        List.of(
                                new StreamWrite(ORDER_2, first),
                                new StreamWrite(INVOICE_1, second),
                                new StreamWrite(ORDER_1, third)),
                        List.of());

        List<RecordedEvent> log = log();
        assertThat(facts(log).subList(1, 6))
                .containsExactly(first.get(0), first.get(1), second.get(0), third.get(0), third.get(1));
        assertThat(result.position()).isEqualTo(log.getLast().position());
        assertThat(result.versions())
                .containsExactly(
                        new StreamVersion(ORDER_2, 3), new StreamVersion(INVOICE_1, 1), new StreamVersion(ORDER_1, 2));
        assertThat(facts(readStream(ORDER_2)).subList(1, 3)).isEqualTo(first);
        assertThat(facts(readStream(INVOICE_1))).isEqualTo(second);
    }

    @Test
    default void a_refused_append_leaves_nothing_in_any_stream() {
        append(ORDER_1, events(1));
        List<RecordedEvent> before = log();
        List<Event> refused = events(3);

        assertThatThrownBy(() -> store().append(
                                List.of(
                                        new StreamWrite(ORDER_2, List.of(refused.get(0))),
                                        new StreamWrite(ORDER_1, List.of(refused.get(1))),
                                        new StreamWrite(INVOICE_1, List.of(refused.get(2)))),
                                List.of(new StreamAt(ORDER_2, 0), new StreamAt(ORDER_1, 7))))
                .isInstanceOf(StoreException.Conflict.class);

        assertThat(before).hasSize(1);
        assertThat(log()).isEqualTo(before);
        assertThat(store().head()).isEqualTo(before.getLast().position());
        assertThat(store().streamVersion(ORDER_2)).isZero();
        assertThat(readStream(INVOICE_1)).isEmpty();
        assertThat(store().find(ORDER_2, refused.getFirst().id())).isEmpty();
        try (var streams = store().streams()) {
            assertThat(streams).containsExactly(new StreamVersion(ORDER_1, 1));
        }
    }

    @Test
    default void events_of_a_refused_append_may_be_appended_later() {
        append(ORDER_1, events(1));
        List<Event> events = events(2);
        assertThatThrownBy(() -> store().append(ORDER_1, 0, events)).isInstanceOf(StoreException.Conflict.class);

        AppendResult result = store().append(ORDER_1, 1, events);

        assertThat(result.repeated()).isFalse();
        assertThat(result.version()).isEqualTo(3);
        assertThat(facts(readStream(ORDER_1)).subList(1, 3)).isEqualTo(events);
    }

    @Test
    default void an_append_without_events_is_refused() {
        append(ORDER_1, events(1));

        assertThatIllegalArgumentException().isThrownBy(() -> store().append(List.of(), List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> store().append(ORDER_1, 1, List.of()));
        assertThat(log()).hasSize(1);
    }

    @Test
    default void a_stream_twice_in_one_append_is_refused() {
        append(ORDER_1, events(1));
        List<StreamWrite> twice = List.of(new StreamWrite(ORDER_1, events(1)), new StreamWrite(ORDER_1, events(1)));

        assertThatIllegalArgumentException().isThrownBy(() -> store().append(twice, List.of()));
        assertThat(log()).hasSize(1);
    }

    @Test
    default void an_id_twice_in_one_write_is_refused() {
        append(ORDER_1, events(1));
        Event event = event("Twice");

        assertThatIllegalArgumentException().isThrownBy(() -> append(ORDER_1, event, event));
        assertThat(log()).hasSize(1);
    }

    @Test
    default void the_largest_event_comes_back_byte_for_byte_and_one_byte_more_is_refused() {
        byte[] bytes = new byte[Limits.DATA_BYTES_MAX];
        new Random(16).nextBytes(bytes);
        Data data = Data.of(bytes, Data.BINARY);
        append(ORDER_1, Event.of("Large", data), event("Small"));

        assertThat(readStream(ORDER_1).getFirst().data().equals(data)).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> append(
                        ORDER_1, Event.of("Larger", Data.of(Arrays.copyOf(bytes, bytes.length + 1), Data.BINARY))));
        assertThat(store().streamVersion(ORDER_1)).isEqualTo(2);
    }

    @Test
    default void ten_thousand_events_go_into_one_append() {
        List<Event> events = events(10_000);

        AppendResult result = store().append(ORDER_1, 0, events);

        assertThat(result.version()).isEqualTo(10_000);
        assertThat(facts(readStream(ORDER_1))).isEqualTo(events);
        assertThat(read(Query.stream(ORDER_1))).hasSize(10_000);
    }

    @Test
    default void the_most_events_go_into_one_append_over_many_streams_and_one_more_is_refused() {
        List<Event> events = events(Limits.APPEND_EVENTS_MAX - 1);
        List<StreamWrite> most =
                List.of(new StreamWrite(ORDER_1, events), new StreamWrite(ORDER_2, List.of(event("Last"))));
        List<StreamWrite> more = List.of(most.get(0), new StreamWrite(ORDER_2, events(2)));

        assertThat(store().append(most, List.of()).versions())
                .containsExactly(new StreamVersion(ORDER_1, events.size()), new StreamVersion(ORDER_2, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> store().append(more, List.of()));
        assertThat(log()).hasSize(Limits.APPEND_EVENTS_MAX);
    }

    @Test
    default void the_most_bytes_go_into_one_append_and_one_more_is_refused() {
        Data data = Data.of(new byte[Limits.DATA_BYTES_MAX], Data.BINARY);
        int count = (int) (Limits.APPEND_BYTES_MAX / Limits.DATA_BYTES_MAX);
        List<Event> most = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            most.add(Event.of("Large", data));
        }
        append(ORDER_1, most);

        most.replaceAll(event -> event.withId(UUID.randomUUID()));
        most.add(Event.of("OneByte", Data.of(new byte[1], Data.BINARY)));
        assertThatIllegalArgumentException().isThrownBy(() -> append(ORDER_1, most));
        try (var events = store().readStream(ORDER_1)) {
            assertThat(events.filter(event -> event.data().equals(data)).count())
                    .isEqualTo(count);
        }
    }

    @Test
    default void the_id_of_a_log_does_not_change() {
        UUID id = store().id();
        append(ORDER_1, events(1));

        assertThat(store().id()).isEqualTo(id);
        assertThat(log()).hasSize(1);
    }
}
