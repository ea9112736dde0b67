// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static leftfold.testkit.CheckedSubscription.LONG;
import static leftfold.testkit.SampleEvents.INVOICE_1;
import static leftfold.testkit.SampleEvents.ORDER_1;
import static leftfold.testkit.SampleEvents.ORDER_2;
import static leftfold.testkit.SampleEvents.event;
import static leftfold.testkit.SampleEvents.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import leftfold.store.Batch;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.Subscription;
import leftfold.store.Tag;
import org.junit.jupiter.api.Test;

/** The part of the contract that says what a follower sees of a log. */
interface SubscriptionContract extends StoreContract {
    @Test
    default void a_follower_from_0_sees_every_event_once_in_order() throws Exception {
        append(ORDER_1, events(5));
        append(ORDER_2, events(6));
        try (CheckedSubscription follower = new CheckedSubscription(store(), Query.all(), 0)) {
            assertThat(follower.take(11, 3)).isEqualTo(log());
            assertThat(follower.next(3, Duration.ZERO).events()).isEmpty();
        }
    }

    @Test
    default void a_follower_continues_after_any_position() throws Exception {
        append(ORDER_1, events(4));
        append(ORDER_2, events(4));
        List<RecordedEvent> log = log();

        assertThat(log).hasSize(8);
        for (int i = 0; i < 7; i++) {
            try (CheckedSubscription follower =
                    new CheckedSubscription(store(), Query.all(), log.get(i).position())) {
                assertThat(follower.take(7 - i, 100)).isEqualTo(log.subList(i + 1, 8));
            }
        }
    }

    @Test
    default void a_follower_from_the_head_sees_only_what_comes_later() throws Exception {
        append(ORDER_1, events(3));
        try (CheckedSubscription follower = new CheckedSubscription(store(), Query.all(), store().head())) {
            assertThat(follower.next(10, Duration.ZERO).events()).isEmpty();
            append(ORDER_1, events(2));

            assertThat(follower.take(2, 10)).extracting(RecordedEvent::version).containsExactly(4L, 5L);
        }
    }

    @Test
    default void a_follower_ahead_of_the_log_waits_for_it() throws Exception {
        append(ORDER_1, events(1));
        long ahead = store().head() + 3;
        try (CheckedSubscription follower = new CheckedSubscription(store(), Query.all(), ahead)) {
            assertThat(follower.next(10, Duration.ZERO).events()).isEmpty();
            for (int i = 0; i < 8; i++) {
                append(ORDER_1, events(1));
            }

            List<RecordedEvent> later =
                    log().stream().filter(event -> event.position() > ahead).toList();
            assertThat(later).isNotEmpty();
            assertThat(follower.take(later.size(), 10)).isEqualTo(later);
        }
    }

    @Test
    default void a_follower_at_the_largest_position_sees_nothing() throws Exception {
        append(ORDER_1, events(2));
        try (CheckedSubscription follower = new CheckedSubscription(store(), Query.all(), Long.MAX_VALUE)) {
            assertThat(follower.next(10, Duration.ZERO).events()).isEmpty();
        }
        assertThat(log()).hasSize(2);
    }

    @Test
    default void a_negative_position_and_an_empty_batch_are_refused() throws Exception {
        append(ORDER_1, events(1));

        assertThatIllegalArgumentException().isThrownBy(() -> store().subscribe(Query.all(), -1));
        try (Subscription subscription = store().subscribe(Query.all(), 0)) {
            assertThatIllegalArgumentException().isThrownBy(() -> subscription.next(0, Duration.ZERO));
            assertThat(subscription.next(1, LONG).events()).hasSize(1);
        }
    }

    @Test
    default void a_batch_has_at_most_as_many_events_as_asked_for() throws Exception {
        append(ORDER_1, events(10));
        try (CheckedSubscription follower = new CheckedSubscription(store(), Query.all(), 0)) {
            List<RecordedEvent> seen = new ArrayList<>(follower.next(1, LONG).events());
            assertThat(seen).hasSize(1);
            seen.addAll(follower.take(9, 4));

            assertThat(seen).isEqualTo(log());
        }
    }

    @Test
    default void a_batch_tells_the_checkpoint_and_the_head() throws Exception {
        append(ORDER_1, events(10));
        try (CheckedSubscription follower = new CheckedSubscription(store(), Query.all(), 0)) {
            Batch some = follower.next(4, LONG);
            assertThat(some.position()).isEqualTo(some.events().getLast().position());
            assertThat(some.head()).isEqualTo(store().head());
            assertThat(some.caughtUp()).isFalse();

            follower.take(10 - some.events().size(), 10);
            Batch end = follower.next(10, Duration.ZERO);
            assertThat(end.events()).isEmpty();
            assertThat(end.position()).isEqualTo(store().head());
            assertThat(end.caughtUp()).isTrue();
        }
    }

    @Test
    default void any_checkpoint_continues_without_loss_or_repetition() throws Exception {
        for (int i = 0; i < 20; i++) {
            append(i % 3 == 0 ? ORDER_1 : INVOICE_1, events(1));
        }
        Query query = Query.category("order");
        List<RecordedEvent> seen = new ArrayList<>();
        long checkpoint = 0;
        while (checkpoint < store().head()) {
            try (CheckedSubscription follower = new CheckedSubscription(store(), query, checkpoint)) {
                Batch batch = follower.next(2, LONG);
                seen.addAll(batch.events());
                checkpoint = batch.position();
            }
        }
        assertThat(seen).hasSize(7).isEqualTo(read(query));
    }

    @Test
    default void a_follower_of_a_query_sees_only_what_matches() throws Exception {
        Tag ann = Tag.of("customer", "ann");
        append(ORDER_1, event("Placed", ann), event("Paid"));
        append(INVOICE_1, event("Sent", ann));
        append(ORDER_1, event("Placed"));
        List<Query> queries =
                List.of(Query.types("Placed"), Query.tags(ann), Query.category("order"), Query.stream(ORDER_1));

        for (Query query : queries) {
            List<RecordedEvent> expected = read(query);
            assertThat(expected).isNotEmpty();
            try (CheckedSubscription follower = new CheckedSubscription(store(), query, 0)) {
                assertThat(follower.take(expected.size(), 2)).isEqualTo(expected);
                assertThat(follower.next(2, Duration.ZERO).events()).isEmpty();
            }
        }
    }

    @Test
    default void events_that_do_not_match_still_move_the_position() throws Exception {
        append(ORDER_1, events(3));
        try (CheckedSubscription follower = new CheckedSubscription(store(), Query.types("Unheard"), 0)) {
            Batch batch = follower.next(10, Duration.ZERO);
            assertThat(batch.events()).isEmpty();
            assertThat(batch.position()).isPositive().isEqualTo(store().head());

            append(ORDER_1, events(3));
            assertThat(follower.next(10, Duration.ofMillis(1)).position()).isEqualTo(store().head());
        }
    }

    @Test
    default void a_wait_without_events_ends_with_an_empty_batch() throws Exception {
        append(ORDER_1, events(1));
        try (CheckedSubscription follower = new CheckedSubscription(store(), Query.all(), store().head())) {
            for (Duration wait : List.of(Duration.ofSeconds(-1), Duration.ZERO, Duration.ofMillis(20))) {
                Batch batch = follower.next(10, wait);
                assertThat(batch.events()).isEmpty();
                assertThat(batch.position()).isEqualTo(log().getLast().position());
            }
        }
    }

    @Test
    default void a_follower_that_waits_wakes_for_a_new_event() throws Exception {
        List<List<RecordedEvent>> results = Together.run(List.<Callable<List<RecordedEvent>>>of(
                () -> {
                    try (CheckedSubscription follower = new CheckedSubscription(store(), Query.types("Sought"), 0)) {
                        return follower.take(2, 1);
                    }
                },
                () -> {
                    append(ORDER_1, events(2));
                    append(ORDER_1, event("Sought"));
                    append(ORDER_2, events(2));
                    append(ORDER_2, event("Sought"));
                    return List.of();
                }));

        assertThat(results.getFirst()).hasSize(2).isEqualTo(read(Query.types("Sought")));
    }

    @Test
    default void a_wait_may_be_as_long_as_a_duration_can_be() throws Exception {
        List<List<RecordedEvent>> results = Together.run(List.<Callable<List<RecordedEvent>>>of(
                () -> {
                    try (Subscription subscription = store().subscribe(Query.all(), 0)) {
                        return subscription
                                .next(1, Duration.ofSeconds(Long.MAX_VALUE))
                                .events();
                    }
                },
                () -> {
                    append(ORDER_1, events(1));
                    return List.of();
                }));

        assertThat(results.getFirst()).hasSize(1).isEqualTo(log());
    }

    @Test
    default void many_followers_of_one_log_do_not_disturb_each_other() throws Exception {
        append(ORDER_1, events(20));
        append(INVOICE_1, events(20));
        List<RecordedEvent> log = log();
        try (CheckedSubscription all = new CheckedSubscription(store(), Query.all(), 0);
                CheckedSubscription orders = new CheckedSubscription(store(), Query.category("order"), 0);
                CheckedSubscription again = new CheckedSubscription(store(), Query.all(), 0)) {
            assertThat(all.take(7, 7)).isEqualTo(log.subList(0, 7));
            assertThat(orders.take(20, 6)).isEqualTo(read(Query.category("order")));
            assertThat(again.take(40, 9)).hasSize(40).isEqualTo(log);
            assertThat(all.take(33, 50)).isEqualTo(log.subList(7, 40));
        }
    }

    @Test
    default void followers_miss_and_repeat_nothing_while_writers_write() throws Exception {
        append(ORDER_1, events(50));
        long before = store().head();
        int writers = 4;
        int appends = 30;
        int total = 50 + writers * appends * 2;
        List<Callable<List<RecordedEvent>>> tasks = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            StreamId stream = StreamId.of("writer", String.valueOf(writer));
            tasks.add(() -> {
                for (int i = 0; i < appends; i++) {
                    append(stream, event("Even"), event("Odd"));
                }
                return List.of();
            });
        }
        tasks.add(() -> follow(Query.all(), 0, total, 1_000));
        tasks.add(() -> follow(Query.all(), 0, total, 3));
        tasks.add(() -> follow(Query.all(), 0, total, 1));
        tasks.add(() -> follow(Query.types("Odd"), 0, writers * appends, 5));
        tasks.add(() -> follow(Query.category("writer"), before, writers * appends * 2, 100));
        tasks.add(() -> follow(Query.stream(StreamId.of("writer", "2")), 0, appends * 2, 100));

        List<List<RecordedEvent>> seen = Together.run(tasks);

        assertThat(log()).hasSize(total);
        for (int follower = 0; follower < 3; follower++) {
            assertThat(seen.get(writers + follower)).isEqualTo(log());
        }
        assertThat(seen.get(writers + 3)).isEqualTo(read(Query.types("Odd")));
        assertThat(seen.get(writers + 4)).isEqualTo(read(Query.category("writer")));
        assertThat(seen.get(writers + 5)).isEqualTo(readStream(StreamId.of("writer", "2")));
    }

    /** Returns what a new follower sees until it has seen {@code count} events, and asserts that no more come. */
    default List<RecordedEvent> follow(Query query, long after, int count, int eventsMax) throws Exception {
        try (CheckedSubscription follower = new CheckedSubscription(store(), query, after)) {
            List<RecordedEvent> seen = follower.take(count, eventsMax);
            assertThat(follower.next(1, Duration.ZERO).events()).isEmpty();
            return seen;
        }
    }

    @Test
    default void a_closed_subscription_refuses_and_others_go_on() throws Exception {
        append(ORDER_1, events(2));
        Subscription closed = store().subscribe(Query.all(), 0);
        try (CheckedSubscription other = new CheckedSubscription(store(), Query.all(), 0)) {
            closed.close();
            closed.close();

            assertThatIllegalStateException().isThrownBy(() -> closed.next(1, Duration.ZERO));
            assertThat(other.take(2, 1)).hasSize(2);
        }
    }

    @Test
    default void closing_ends_a_wait_in_another_thread() throws Exception {
        append(ORDER_1, events(1));
        for (int round = 0; round < 20; round++) {
            Subscription subscription = store().subscribe(Query.all(), store().head());
            Together.run(List.<Callable<Boolean>>of(
                    () -> {
                        assertThatIllegalStateException().isThrownBy(() -> subscription.next(1, Duration.ofDays(1)));
                        return true;
                    },
                    () -> {
                        subscription.close();
                        return true;
                    }));
        }
        assertThat(log()).hasSize(1);
    }

    @Test
    default void an_interrupted_wait_ends_and_the_next_call_continues_without_loss() throws Exception {
        append(ORDER_1, events(3));
        try (CheckedSubscription follower = new CheckedSubscription(store(), Query.all(), 0)) {
            List<RecordedEvent> seen = follower.take(3, 10);
            Thread.currentThread().interrupt();
            boolean interrupted = false;
            try {
                follower.next(10, Duration.ofDays(1));
            } catch (InterruptedException expected) {
                interrupted = true;
            }
            assertThat(interrupted).isTrue();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();

            append(ORDER_1, events(4));
            seen.addAll(follower.take(4, 10));
            assertThat(seen).isEqualTo(log());
        }
    }
}
