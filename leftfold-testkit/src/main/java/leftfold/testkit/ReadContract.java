// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static leftfold.store.Direction.BACKWARDS;
import static leftfold.store.Direction.FORWARDS;
import static leftfold.testkit.SampleEvents.INVOICE_1;
import static leftfold.testkit.SampleEvents.ORDER_1;
import static leftfold.testkit.SampleEvents.ORDER_2;
import static leftfold.testkit.SampleEvents.event;
import static leftfold.testkit.SampleEvents.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import leftfold.store.Direction;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.junit.jupiter.api.Test;

/** The part of the contract that says which events a read of the log returns. */
interface ReadContract extends StoreContract {
    private static Query items(Query... queries) {
        return new Query(
                Stream.of(queries).flatMap(query -> query.items().stream()).toList());
    }

    /** Appends eight events to four streams and returns them. */
    default List<RecordedEvent> eightEvents() {
        Tag north = Tag.of("region", "north");
        Tag ann = Tag.of("customer", "ann");
        append(ORDER_1, event("Placed", north, ann), event("Paid", ann));
        append(ORDER_2, event("Placed", north), event("Cancelled", Tag.of("customer", "bob"), north));
        append(INVOICE_1, event("Sent", ann), event("Paid", Tag.of("customer", "ann "), north));
        append(StreamId.of("order"), event("Audited"));
        append(ORDER_1, event("Sent", Tag.of("customer", "")));
        List<RecordedEvent> log = log();
        assertThat(log).hasSize(8);
        return log;
    }

    /** Asserts what a query finds, in both directions; {@code numbers} count the eight events from 1. */
    default void assertFinds(List<RecordedEvent> eight, Query query, int... numbers) {
        List<RecordedEvent> expected = new ArrayList<>();
        for (int number : numbers) {
            expected.add(eight.get(number - 1));
        }
        assertThat(read(query)).isEqualTo(expected);
        assertThat(read(query, Long.MAX_VALUE, BACKWARDS, Long.MAX_VALUE)).isEqualTo(expected.reversed());
    }

    @Test
    default void every_event_is_read_in_log_order_and_in_reverse() {
        List<RecordedEvent> eight = eightEvents();

        assertThat(eight).extracting(RecordedEvent::position).isSorted().doesNotHaveDuplicates();
        assertFinds(eight, Query.all(), 1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    default void a_stream_is_found_by_its_whole_name() {
        List<RecordedEvent> eight = eightEvents();

        assertFinds(eight, Query.stream(ORDER_1), 1, 2, 8);
        assertFinds(eight, Query.stream(StreamId.of("order")), 7);
        assertFinds(eight, Query.stream(StreamId.of("order-")));
    }

    @Test
    default void a_category_is_found_by_the_text_before_the_first_dash() {
        List<RecordedEvent> eight = eightEvents();
        append(StreamId.of("orders-1"), events(1));
        append(StreamId.of("Order-1"), events(1));
        RecordedEvent dashed = log().getLast();

        assertFinds(eight, Query.category("order"), 1, 2, 3, 4, 7, 8);
        assertFinds(eight, Query.category("order-1"));
        assertFinds(eight, Query.category("orde"));
        assertThat(read(Query.category("Order"))).containsExactly(dashed);
    }

    @Test
    default void a_stream_name_may_begin_with_a_dash() {
        append(StreamId.of("-1"), events(1));
        append(StreamId.of("-"), events(1));
        append(ORDER_1, events(1));

        assertThat(read(Query.category("")))
                .extracting(RecordedEvent::stream)
                .extracting(StreamId::value)
                .containsExactly("-1", "-");
    }

    @Test
    default void types_are_alternatives() {
        List<RecordedEvent> eight = eightEvents();

        assertFinds(eight, Query.types("Paid"), 2, 6);
        assertFinds(eight, Query.types("Sent", "Paid", "Unheard"), 2, 5, 6, 8);
        assertFinds(eight, Query.types("paid"));
    }

    @Test
    default void all_tags_of_an_item_must_be_there() {
        List<RecordedEvent> eight = eightEvents();

        assertFinds(eight, Query.tags(Tag.of("customer", "ann")), 1, 2, 5);
        assertFinds(eight, Query.tags(Tag.of("customer", "ann"), Tag.of("region", "north")), 1);
        assertFinds(eight, Query.tags(Tag.of("customer", "ann"), Tag.of("customer", "bob")));
        assertFinds(eight, Query.tags(Tag.of("customer", "")), 8);
        assertFinds(eight, Query.tags(Tag.of("Customer", "ann")));
    }

    @Test
    default void everything_that_an_item_says_must_be_fulfilled() {
        List<RecordedEvent> eight = eightEvents();
        Set<Tag> north = Set.of(Tag.of("region", "north"));

        assertFinds(eight, Query.of(new Query.Item(null, "order", Set.of("Placed", "Paid"), north)), 1, 3);
        assertFinds(eight, Query.of(new Query.Item(ORDER_2, null, Set.of("Placed"), north)), 3);
        assertFinds(eight, Query.of(new Query.Item(INVOICE_1, "order", Set.of(), Set.of())));
    }

    @Test
    default void items_are_alternatives_and_an_event_that_matches_two_comes_once() {
        List<RecordedEvent> eight = eightEvents();
        Query query = items(
                Query.types("Paid"), Query.stream(ORDER_1), Query.tags(Tag.of("region", "north")), Query.types("Paid"));

        assertFinds(eight, query, 1, 2, 3, 4, 6, 8);
        assertFinds(eight, items(Query.types("Unheard"), Query.all()), 1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    default void a_range_begins_at_from_inclusive() {
        List<RecordedEvent> eight = eightEvents();
        long fourth = eight.get(3).position();

        assertThat(read(Query.all(), fourth, FORWARDS, Long.MAX_VALUE)).isEqualTo(eight.subList(3, 8));
        assertThat(read(Query.all(), fourth, BACKWARDS, Long.MAX_VALUE))
                .isEqualTo(eight.subList(0, 4).reversed());
        assertThat(read(Query.types("Sent"), fourth, FORWARDS, Long.MAX_VALUE))
                .containsExactly(eight.get(4), eight.get(7));
        assertThat(read(Query.types("Paid"), fourth, BACKWARDS, Long.MAX_VALUE)).containsExactly(eight.get(1));
    }

    @Test
    default void zero_and_one_are_the_beginning_and_anything_beyond_the_end_is_the_end() {
        List<RecordedEvent> eight = eightEvents();
        long head = store().head();

        assertThat(read(Query.all(), 0, FORWARDS, 100)).isEqualTo(eight);
        assertThat(read(Query.all(), 1, FORWARDS, 100)).isEqualTo(eight);
        assertThat(read(Query.all(), head + 1, FORWARDS, 100)).isEmpty();
        assertThat(read(Query.all(), Long.MAX_VALUE, FORWARDS, 100)).isEmpty();
        assertThat(read(Query.all(), head, BACKWARDS, 100)).isEqualTo(eight.reversed());
        assertThat(read(Query.all(), head + 1_000, BACKWARDS, 100)).isEqualTo(eight.reversed());
        assertThat(read(Query.all(), 0, BACKWARDS, 100)).isEmpty();
    }

    @Test
    default void a_limit_counts_matching_events() {
        List<RecordedEvent> eight = eightEvents();

        assertThat(read(Query.types("Paid", "Sent"), 0, FORWARDS, 2)).containsExactly(eight.get(1), eight.get(4));
        assertThat(read(Query.category("order"), Long.MAX_VALUE, BACKWARDS, 2))
                .containsExactly(eight.get(7), eight.get(6));
        assertThat(read(Query.all(), 0, FORWARDS, 0)).isEmpty();
        assertThat(read(Query.all(), 0, FORWARDS, 8)).isEqualTo(eight);
        assertThat(read(Query.all(), 0, FORWARDS, Integer.MAX_VALUE + 1L)).isEqualTo(eight);
    }

    @Test
    default void a_negative_from_or_limit_is_refused() {
        List<RecordedEvent> eight = eightEvents();

        assertThatIllegalArgumentException().isThrownBy(() -> read(Query.all(), -1, FORWARDS, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> read(Query.all(), 1, BACKWARDS, -1));
        assertFinds(eight, Query.types("Audited"), 7);
    }

    @Test
    default void a_read_shows_the_log_as_it_stood_at_the_call() {
        List<RecordedEvent> eight = eightEvents();
        try (Stream<RecordedEvent> forwards = store().read(Query.all(), 0, FORWARDS, Long.MAX_VALUE);
                Stream<RecordedEvent> backwards = store().read(Query.all(), Long.MAX_VALUE, BACKWARDS, 100)) {
            append(ORDER_1, events(3));

            assertThat(forwards.toList()).isEqualTo(eight);
            assertThat(backwards.toList()).isEqualTo(eight.reversed());
        }
        assertThat(log()).hasSize(11);
    }

    @Test
    default void events_may_be_appended_while_a_read_goes_on() {
        append(ORDER_1, events(50));
        try (Stream<RecordedEvent> events = store().read(Query.all(), 0, FORWARDS, Long.MAX_VALUE)) {
            events.forEach(event -> append(ORDER_2, event.event()));
        }

        assertThat(readStream(ORDER_2))
                .extracting(RecordedEvent::event)
                .isEqualTo(
                        readStream(ORDER_1).stream().map(RecordedEvent::event).toList());
        assertThat(log()).hasSize(100);
    }

    @Test
    default void a_read_may_be_closed_early_as_often_as_one_likes() {
        append(ORDER_1, events(200));
        List<RecordedEvent> log = log();

        for (int i = 0; i < 500; i++) {
            try (Stream<RecordedEvent> events = store().read(Query.all(), 0, FORWARDS, Long.MAX_VALUE)) {
                assertThat(events.findFirst()).contains(log.getFirst());
            }
            store().read(Query.all(), 0, BACKWARDS, 10).close();
            store().readStream(ORDER_1).close();
        }
        assertThat(log).hasSize(200);
        assertThat(log()).isEqualTo(log);
    }

    @Test
    default void any_read_agrees_with_the_definition_of_a_query() {
        Random random = new Random(20_260_101);
        for (int i = 0; i < 60; i++) {
            append(RandomEvents.stream(random), RandomEvents.events(random, 1 + random.nextInt(9)));
        }
        List<RecordedEvent> log = log();
        long head = store().head();

        assertThat(log).hasSizeGreaterThan(100);
        for (int i = 0; i < 300; i++) {
            Query query = RandomEvents.query(random);
            long from = random.nextLong(head + 3);
            long limit = random.nextInt(4) == 0 ? random.nextLong(10) : Long.MAX_VALUE;
            Direction direction = random.nextBoolean() ? FORWARDS : BACKWARDS;
            List<RecordedEvent> expected = (direction == FORWARDS ? log : log.reversed())
                    .stream()
                            .filter(event ->
                                    direction == FORWARDS ? event.position() >= from : event.position() <= from)
                            .filter(query::matches)
                            .limit(limit)
                            .toList();
            assertThat(read(query, from, direction, limit))
                    .as("%s from %d %s limit %d", query, from, direction, limit)
                    .isEqualTo(expected);
        }
    }
}
