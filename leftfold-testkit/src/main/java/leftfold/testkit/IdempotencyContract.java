// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static leftfold.testkit.SampleEvents.ABSENT;
import static leftfold.testkit.SampleEvents.INVOICE_1;
import static leftfold.testkit.SampleEvents.ORDER_1;
import static leftfold.testkit.SampleEvents.ORDER_2;
import static leftfold.testkit.SampleEvents.event;
import static leftfold.testkit.SampleEvents.events;
import static leftfold.testkit.SampleEvents.facts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import leftfold.store.AppendCondition;
import leftfold.store.AppendCondition.NothingSince;
import leftfold.store.AppendCondition.StreamAt;
import leftfold.store.AppendCondition.StreamExists;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The part of the contract that says what happens to events that are already there. */
interface IdempotencyContract extends StoreContract {
    private static AppendResult repeated(AppendResult first) {
        return new AppendResult(first.position(), first.versions(), true);
    }

    /** Asserts that the append is refused over this event id and that nothing is written. */
    default void assertIdConflict(ThrowingCallable append, StreamId stream, Event event, long version) {
        List<RecordedEvent> before = log();
        StoreException.EventIdConflict conflict = catchThrowableOfType(StoreException.EventIdConflict.class, append);
        assertThat(conflict).isNotNull();
        assertThat(conflict.stream()).isEqualTo(stream);
        assertThat(conflict.id()).isEqualTo(event.id());
        assertThat(conflict.version()).isEqualTo(version);
        assertThat(log()).isEqualTo(before);
    }

    /** Appends one event at a time to several streams, to leave what was before far behind. */
    default void appendMuchMore() {
        for (int i = 0; i < 300; i++) {
            append(i % 3 == 0 ? ORDER_1 : StreamId.of("later", String.valueOf(i % 50)), events(1));
        }
    }

    @Test
    default void a_repeat_long_after_returns_the_first_outcome_and_writes_nothing() {
        append(ORDER_1, events(1));
        List<Event> events = events(3);
        AppendResult first = store().append(ORDER_1, 1, events);
        appendMuchMore();
        List<RecordedEvent> before = log();

        for (int i = 0; i < 3; i++) {
            assertThat(store().append(ORDER_1, 1, events)).isEqualTo(repeated(first));
        }
        assertThat(before).hasSize(304);
        assertThat(log()).isEqualTo(before);
    }

    @Test
    default void a_repeat_over_several_streams_returns_the_first_outcome() {
        List<StreamWrite> writes = List.of(
                new StreamWrite(ORDER_2, events(2)),
                new StreamWrite(INVOICE_1, events(1)),
                new StreamWrite(ORDER_1, events(3)));
        List<AppendCondition> conditions = List.of(new StreamAt(ORDER_2, 0), new StreamAt(ORDER_1, 0));
        AppendResult first = store().append(writes, conditions);
        appendMuchMore();

        assertThat(store().append(writes, conditions)).isEqualTo(repeated(first));
        assertThat(store().append(writes, List.of())).isEqualTo(repeated(first));
        assertThat(log()).hasSize(306);
    }

    @Test
    default void a_repeat_succeeds_though_other_conditions_no_longer_hold() {
        List<StreamWrite> writes = List.of(new StreamWrite(INVOICE_1, List.of(event("Sent"))));
        List<AppendCondition> conditions = List.of(
                new StreamAt(INVOICE_1, 0),
                new StreamAt(ORDER_1, 0),
                new NothingSince(Query.types("Sent", "Counted"), 0));
        AppendResult first = store().append(writes, conditions);
        append(ORDER_1, events(1));
        List<AppendCondition> others = List.of(new StreamExists(ABSENT), new StreamAt(ORDER_2, 9));

        assertThat(store().append(writes, conditions)).isEqualTo(repeated(first));
        assertThat(store().append(writes, others)).isEqualTo(repeated(first));
        assertThat(log()).hasSize(2);
    }

    @Test
    default void a_repeat_with_another_expected_version_conflicts() {
        List<Event> events = events(2);
        store().append(ORDER_1, 0, events);
        append(ORDER_1, events(1));

        for (long other : new long[] {1, 2, 3}) {
            StoreException.Conflict conflict =
                    catchThrowableOfType(StoreException.Conflict.class, () -> store().append(ORDER_1, other, events));
            assertThat(conflict).isNotNull();
            assertThat(conflict.condition()).isEqualTo(new StreamAt(ORDER_1, other));
            assertThat(conflict.expected()).isEqualTo(other);
            assertThat(conflict.found()).isEqualTo(3);
        }
        assertThat(log()).hasSize(3);
    }

    @Test
    default void the_expected_version_of_each_repeated_stream_counts() {
        List<StreamWrite> writes = List.of(new StreamWrite(ORDER_1, events(2)), new StreamWrite(ORDER_2, events(1)));
        AppendResult first = store().append(writes, List.of(new StreamAt(ORDER_1, 0), new StreamAt(ORDER_2, 0)));
        StreamAt wrong = new StreamAt(ORDER_2, 1);

        StoreException.Conflict conflict = catchThrowableOfType(
                StoreException.Conflict.class, () -> store().append(writes, List.of(new StreamAt(ORDER_1, 0), wrong)));
        assertThat(conflict).isNotNull();
        assertThat(conflict.condition()).isEqualTo(wrong);
        assertThat(store().append(writes, List.of(new StreamAt(ORDER_2, 0)))).isEqualTo(repeated(first));
        assertThat(log()).hasSize(3);
    }

    @Test
    default void events_that_stand_one_after_the_other_are_a_repeat_however_they_came() {
        List<Event> events = events(4);
        append(ORDER_1, events.subList(0, 2));
        AppendResult third = append(ORDER_1, events.get(2));
        append(ORDER_2, events(1));
        AppendResult fourth = append(ORDER_1, events.get(3));

        assertThat(store().append(ORDER_1, 0, events)).isEqualTo(repeated(fourth));
        assertThat(store().append(ORDER_1, 1, events.subList(1, 3))).isEqualTo(repeated(third));
        assertThat(log()).hasSize(5);
    }

    @Test
    default void the_same_id_with_other_content_is_the_same_event() {
        Event event = event("Placed");
        AppendResult first = append(ORDER_1, event);
        Event other = Event.of("Paid", Data.json("{}")).withId(event.id());

        assertThat(append(ORDER_1, other)).isEqualTo(repeated(first));
        assertThat(facts(log())).containsExactly(event);
    }

    @Test
    default void the_same_first_id_with_other_later_ids_is_refused() {
        List<Event> events = events(3);
        append(ORDER_1, events(1));
        append(ORDER_1, events);

        assertIdConflict(
                () -> append(ORDER_1, events.get(0), event("Other"), events.get(2)), ORDER_1, events.get(0), 2);
        assertIdConflict(
                () -> store().append(ORDER_1, 1, List.of(events.get(0), event("Other"))), ORDER_1, events.get(0), 2);
        assertThat(log()).hasSize(4);
    }

    @Test
    default void more_events_after_a_repeat_are_refused() {
        List<Event> events = events(3);
        append(ORDER_1, events.subList(0, 2));

        assertIdConflict(() -> append(ORDER_1, events), ORDER_1, events.get(0), 1);
        assertThat(log()).hasSize(2);
    }

    @Test
    default void the_same_events_in_another_order_are_refused() {
        List<Event> events = events(3);
        append(ORDER_1, events);

        assertIdConflict(() -> append(ORDER_1, events.get(1), events.get(0)), ORDER_1, events.get(0), 1);
        assertIdConflict(() -> append(ORDER_1, events.get(0), events.get(2)), ORDER_1, events.get(2), 3);
        assertThat(log()).hasSize(3);
    }

    @Test
    default void a_new_event_before_an_old_one_is_refused() {
        Event old = event("Old");
        append(ORDER_1, event("Older"), old);

        assertIdConflict(() -> append(ORDER_1, event("New"), old), ORDER_1, old, 2);
        assertThat(log()).hasSize(2);
    }

    @Test
    default void an_append_of_which_one_stream_is_a_repeat_and_another_is_not_is_refused() {
        Event old = event("Old");
        append(ORDER_1, events(2));
        append(ORDER_1, old);
        StreamWrite repeat = new StreamWrite(ORDER_1, List.of(old));
        StreamWrite fresh = new StreamWrite(ORDER_2, events(1));

        assertIdConflict(() -> store().append(List.of(repeat, fresh), List.of()), ORDER_1, old, 3);
        assertIdConflict(() -> store().append(List.of(fresh, repeat), List.of()), ORDER_1, old, 3);
        assertThat(store().streamVersion(ORDER_2)).isZero();
        assertThat(log()).hasSize(3);
    }

    @Test
    default void the_same_id_in_two_streams_is_two_events() {
        Event event = event("Shared");
        append(ORDER_1, event);

        assertThat(append(ORDER_2, event).repeated()).isFalse();
        assertThat(store().append(
                                List.of(
                                        new StreamWrite(INVOICE_1, List.of(event)),
                                        new StreamWrite(StreamId.of("invoice-2"), List.of(event))),
                                List.of())
                        .repeated())
                .isFalse();
        assertThat(log()).hasSize(4).extracting(RecordedEvent::id).containsOnly(event.id());
        assertThat(store().find(ORDER_2, event.id()).orElseThrow().stream()).isEqualTo(ORDER_2);
    }
}
