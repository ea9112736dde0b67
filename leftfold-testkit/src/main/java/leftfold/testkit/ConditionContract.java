// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static leftfold.testkit.SampleEvents.ABSENT;
import static leftfold.testkit.SampleEvents.INVOICE_1;
import static leftfold.testkit.SampleEvents.ORDER_1;
import static leftfold.testkit.SampleEvents.ORDER_2;
import static leftfold.testkit.SampleEvents.event;
import static leftfold.testkit.SampleEvents.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Set;
import leftfold.store.AppendCondition;
import leftfold.store.AppendCondition.NothingSince;
import leftfold.store.AppendCondition.StreamAt;
import leftfold.store.AppendCondition.StreamExists;
import leftfold.store.AppendResult;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import leftfold.store.Tag;
import org.junit.jupiter.api.Test;

/** The part of the contract that says when a condition refuses an append. */
interface ConditionContract extends StoreContract {
    /** Appends one event to an invoice under the conditions. */
    default AppendResult appendUnder(AppendCondition... conditions) {
        return store().append(List.of(new StreamWrite(INVOICE_1, events(1))), List.of(conditions));
    }

    /** Asserts that an append under the condition is accepted and written. */
    default void assertHolds(AppendCondition condition) {
        int before = log().size();
        assertThat(appendUnder(condition).repeated()).isFalse();
        assertThat(log()).hasSize(before + 1);
    }

    /** Asserts that an append under the condition is refused, that it says so, and that nothing is written. */
    default void assertBroken(AppendCondition condition, long expected, long found) {
        List<RecordedEvent> before = log();
        StoreException.Conflict conflict =
                catchThrowableOfType(StoreException.Conflict.class, () -> appendUnder(condition));
        assertThat(conflict).as("the conflict over %s", condition).isNotNull();
        assertThat(conflict.condition()).isEqualTo(condition);
        assertThat(conflict.expected()).isEqualTo(expected);
        assertThat(conflict.found()).isEqualTo(found);
        assertThat(conflict).hasMessageNotContaining("\n");
        assertThat(log()).isEqualTo(before);
    }

    @Test
    default void a_stream_at_the_expected_version_is_written() {
        assertThat(store().append(ORDER_1, 0, events(2)).version()).isEqualTo(2);
        assertThat(store().append(ORDER_1, 2, events(1)).version()).isEqualTo(3);
        assertThat(readStream(ORDER_1)).hasSize(3);
    }

    @Test
    default void a_stream_at_another_version_refuses() {
        append(ORDER_1, events(3));

        assertBroken(new StreamAt(ORDER_1, 0), 0, 3);
        assertBroken(new StreamAt(ORDER_1, 2), 2, 3);
        assertBroken(new StreamAt(ORDER_1, 4), 4, 3);
        assertBroken(new StreamAt(ABSENT, 1), 1, 0);
    }

    @Test
    default void the_version_of_a_written_stream_is_checked() {
        append(ORDER_1, events(2));
        append(INVOICE_1, events(5));

        assertBroken(new StreamAt(INVOICE_1, 4), 4, 5);
        assertHolds(new StreamAt(INVOICE_1, 5));
        assertBroken(new StreamAt(INVOICE_1, 5), 5, 6);
    }

    @Test
    default void the_version_of_a_stream_that_is_not_written_is_checked() {
        append(ORDER_1, events(2));

        assertBroken(new StreamAt(ORDER_1, 1), 1, 2);
        assertHolds(new StreamAt(ORDER_1, 2));
        assertHolds(new StreamAt(ABSENT, 0));
        assertThat(readStream(ORDER_1)).hasSize(2);
    }

    @Test
    default void a_stream_that_must_exist_is_checked_whether_written_or_not() {
        append(ORDER_1, events(2));

        assertBroken(new StreamExists(ABSENT), 1, 0);
        assertBroken(new StreamExists(INVOICE_1), 1, 0);
        assertHolds(new StreamExists(ORDER_1));
        assertHolds(new StreamExists(INVOICE_1));
    }

    @Test
    default void a_tag_recorded_since_refuses() {
        Tag seat = Tag.of("seat", "12A");
        long first = append(ORDER_1, event("SeatReserved", seat)).position();
        append(ORDER_2, event("SeatReserved", Tag.of("seat", "12B")));
        long second = append(ORDER_2, event("SeatChanged", seat)).position();
        append(ORDER_2, events(1));

        assertBroken(new NothingSince(Query.tags(seat), 0), 0, first);
        assertBroken(new NothingSince(Query.tags(seat), first), first, second);
        assertHolds(new NothingSince(Query.tags(seat), second));
        assertHolds(new NothingSince(Query.tags(Tag.of("seat", "12C")), 0));
        assertHolds(new NothingSince(Query.tags(Tag.of("seat", "")), 0));
    }

    @Test
    default void only_an_event_with_all_tags_of_an_item_refuses() {
        Tag seat = Tag.of("seat", "12A");
        Tag flight = Tag.of("flight", "LF1");
        append(ORDER_1, event("SeatReserved", seat), event("FlightDelayed", flight));

        assertHolds(new NothingSince(Query.tags(seat, flight), 0));
        long both = append(ORDER_1, event("SeatReserved", flight, seat)).position();
        assertBroken(new NothingSince(Query.tags(seat, flight), 0), 0, both);
    }

    @Test
    default void a_type_recorded_since_refuses() {
        long placed = append(ORDER_1, event("Placed")).position();
        long paid = append(ORDER_1, event("Paid")).position();

        assertBroken(new NothingSince(Query.types("Paid"), placed), placed, paid);
        assertBroken(new NothingSince(Query.types("Sent", "Paid"), 0), 0, paid);
        assertHolds(new NothingSince(Query.types("Placed"), placed));
        assertHolds(new NothingSince(Query.types("paid"), 0));
    }

    @Test
    default void a_category_recorded_since_refuses() {
        long order = append(ORDER_1, events(1)).position();
        append(StreamId.of("orders-1"), events(1));

        assertBroken(new NothingSince(Query.category("order"), order - 1), order - 1, order);
        assertHolds(new NothingSince(Query.category("order"), order));
        assertHolds(new NothingSince(Query.category("orde"), 0));
    }

    @Test
    default void a_stream_written_since_refuses() {
        append(ORDER_2, events(3));
        long order = append(ORDER_1, events(1)).position();

        assertBroken(new NothingSince(Query.stream(ORDER_1), 0), 0, order);
        assertHolds(new NothingSince(Query.stream(ORDER_1), order));
        assertHolds(new NothingSince(Query.stream(ABSENT), 0));
    }

    @Test
    default void any_event_since_refuses() {
        assertHolds(new NothingSince(Query.all(), 0));
        long head = store().head();
        assertHolds(new NothingSince(Query.all(), head));
        assertBroken(new NothingSince(Query.all(), head), head, store().head());
    }

    @Test
    default void any_item_of_a_query_refuses() {
        Query query = new Query(List.of(
                new Query.Item(null, "order", Set.of("Paid", "Sent"), Set.of()),
                new Query.Item(ORDER_2, null, Set.of(), Set.of(Tag.of("seat", "1")))));
        append(ORDER_1, event("Placed", Tag.of("seat", "1")));
        append(ORDER_2, event("Placed"));
        assertHolds(new NothingSince(query, 0));

        long tagged = append(ORDER_2, event("Changed", Tag.of("seat", "1"))).position();
        assertBroken(new NothingSince(query, 0), 0, tagged);
        long sent = append(ORDER_1, event("Sent")).position();
        assertBroken(new NothingSince(query, tagged), tagged, sent);
    }

    @Test
    default void nothing_can_lie_after_a_position_ahead_of_the_log() {
        append(ORDER_1, events(1));

        assertHolds(new NothingSince(Query.all(), Long.MAX_VALUE));
        assertHolds(new NothingSince(Query.category("order"), store().head() + 1_000));
    }

    @Test
    default void an_append_does_not_break_its_own_condition() {
        Tag seat = Tag.of("seat", "12A");
        AppendResult result = store().append(
                        List.of(new StreamWrite(ORDER_1, List.of(event("SeatReserved", seat), event("Paid", seat)))),
                        List.of(new NothingSince(Query.tags(seat), 0), new StreamAt(ORDER_1, 0)));

        assertThat(result.version()).isEqualTo(2);
        assertThat(read(Query.tags(seat))).hasSize(2);
    }

    @Test
    default void all_conditions_must_hold() {
        append(ORDER_1, events(2));
        AppendCondition holds = new StreamAt(ORDER_1, 2);
        AppendCondition alsoHolds = new NothingSince(Query.types("Unheard"), 0);
        AppendCondition broken = new StreamExists(ABSENT);

        assertThat(catchThrowableOfType(StoreException.Conflict.class, () -> appendUnder(holds, alsoHolds, broken))
                        .condition())
                .isEqualTo(broken);
        assertThat(catchThrowableOfType(StoreException.Conflict.class, () -> appendUnder(broken, holds))
                        .condition())
                .isEqualTo(broken);
        assertThat(appendUnder(holds, alsoHolds).version()).isEqualTo(1);
        assertThat(log()).hasSize(3);
    }

    @Test
    default void negative_versions_and_positions_are_refused() {
        append(ORDER_1, events(1));

        assertThatIllegalArgumentException().isThrownBy(() -> store().append(ORDER_1, -1, events(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> appendUnder(new NothingSince(Query.all(), -1)));
        assertThat(log()).hasSize(1);
    }
}
