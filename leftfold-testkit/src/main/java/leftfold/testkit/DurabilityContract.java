// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static leftfold.testkit.SampleEvents.INVOICE_1;
import static leftfold.testkit.SampleEvents.ORDER_1;
import static leftfold.testkit.SampleEvents.ORDER_2;
import static leftfold.testkit.SampleEvents.event;
import static leftfold.testkit.SampleEvents.events;
import static leftfold.testkit.SampleEvents.facts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import leftfold.store.AppendCondition.NothingSince;
import leftfold.store.AppendCondition.StreamAt;
import leftfold.store.AppendCondition.StreamExists;
import leftfold.store.AppendResult;
import leftfold.store.Batch;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Limits;
import leftfold.store.Metadata;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.StreamWrite;
import leftfold.store.Tag;
import org.junit.jupiter.api.Test;

/** The part of the contract that holds for stores that outlive their process. */
interface DurabilityContract extends StoreContract {
    /** Closes the store and opens it again, on the same log. */
    EventStore reopen();

    @Test
    default void everything_is_there_again() {
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            clock().turn(Duration.ofSeconds(1));
            append(RandomEvents.stream(random), RandomEvents.events(random, 1 + random.nextInt(5)));
        }
        List<RecordedEvent> before = log();
        long head = store().head();
        List<StreamVersion> streams = listStreams();

        reopen();

        assertThat(before).hasSizeGreaterThan(50);
        assertThat(log()).isEqualTo(before);
        assertThat(store().head()).isEqualTo(head);
        assertThat(listStreams()).isEqualTo(streams);
        for (RecordedEvent event : before) {
            assertThat(store().positionAt(event.recordedAt())).isGreaterThanOrEqualTo(event.position());
            assertThat(store().find(event.stream(), event.id())).contains(event);
        }
        for (int i = 0; i < 50; i++) {
            Query query = RandomEvents.query(random);
            assertThat(read(query))
                    .isEqualTo(before.stream().filter(query::matches).toList());
        }
    }

    /** Returns what {@link EventStore#streams} gives. */
    default List<StreamVersion> listStreams() {
        try (var streams = store().streams()) {
            return streams.toList();
        }
    }

    @Test
    default void an_event_is_there_again_with_all_that_it_carried() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        Metadata metadata = new Metadata("c-1", "c-2", "ann", "orders@1", Map.of())
                .withHeader("z", "1")
                .withHeader("a", "")
                .withHeader("m\n", "\ud83d\ude80");
        Event event = new Event(
                UUID.randomUUID(), "Caf\u00e9\u0001", 3, Data.of(bytes, "x/y"), metadata, tags("z", "a", "m"));
        StreamId stream = StreamId.of("\ud83d\ude80-\n\u0001");
        append(stream, event);

        reopen();

        assertThat(facts(readStream(stream))).containsExactly(event);
        Event kept = log().getFirst().event();
        assertThat(kept.metadata().headers().keySet()).containsExactly("z", "a", "m\n");
        assertThat(kept.tags()).containsExactlyElementsOf(event.tags());
    }

    private static Set<Tag> tags(String... keys) {
        Set<Tag> tags = new LinkedHashSet<>();
        for (String key : keys) {
            tags.add(Tag.of(key, "value"));
        }
        return tags;
    }

    @Test
    default void an_empty_log_may_be_opened_again() {
        UUID id = store().id();
        reopen();

        assertThat(store().id()).isEqualTo(id);
        assertThat(log()).isEmpty();
        assertThat(append(ORDER_1, events(1)).version()).isEqualTo(1);
        assertThat(log()).hasSize(1);
    }

    @Test
    default void the_log_keeps_its_id_when_opened_again() {
        UUID id = store().id();
        append(ORDER_1, events(1));
        reopen();

        assertThat(store().id()).isEqualTo(id);
        assertThat(log()).hasSize(1);
    }

    @Test
    default void appends_go_on_where_they_ended() {
        List<Event> appended = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            List<Event> events = events(1 + i % 3);
            appended.addAll(events);
            assertThat(append(ORDER_1, events).version()).isEqualTo(appended.size());
            reopen();
            assertThat(store().streamVersion(ORDER_1)).isEqualTo(appended.size());
        }

        assertThat(facts(readStream(ORDER_1))).isEqualTo(appended);
        assertThat(log()).extracting(RecordedEvent::position).isSorted().doesNotHaveDuplicates();
    }

    @Test
    default void a_repeat_is_known_though_the_store_was_opened_again() {
        List<StreamWrite> writes = List.of(new StreamWrite(ORDER_1, events(2)), new StreamWrite(ORDER_2, events(1)));
        AppendResult first = store().append(writes, List.of(new StreamAt(ORDER_1, 0)));
        append(ORDER_1, events(100));

        reopen();

        assertThat(store().append(writes, List.of(new StreamAt(ORDER_1, 0))))
                .isEqualTo(new AppendResult(first.position(), first.versions(), true));
        assertThatThrownBy(() -> store().append(writes, List.of(new StreamAt(ORDER_1, 1))))
                .isInstanceOf(StoreException.Conflict.class);
        assertThatThrownBy(() -> append(ORDER_1, writes.getFirst().events().getFirst(), event("New")))
                .isInstanceOf(StoreException.EventIdConflict.class);
        assertThat(log()).hasSize(103);
    }

    @Test
    default void conditions_see_what_was_there_before_opening_again() {
        Tag seat = Tag.of("seat", "12A");
        long position = append(ORDER_1, event("SeatReserved", seat)).position();
        reopen();
        List<StreamWrite> writes = List.of(new StreamWrite(INVOICE_1, events(1)));

        assertThatThrownBy(() -> store().append(writes, List.of(new NothingSince(Query.tags(seat), 0))))
                .isInstanceOfSatisfying(
                        StoreException.Conflict.class,
                        conflict -> assertThat(conflict.found()).isEqualTo(position));
        assertThatThrownBy(() -> store().append(ORDER_1, 0, events(1))).isInstanceOf(StoreException.Conflict.class);
        store().append(
                        writes,
                        List.of(
                                new NothingSince(Query.tags(seat), position),
                                new StreamExists(ORDER_1),
                                new StreamAt(ORDER_1, 1)));
        assertThat(log()).hasSize(2);
    }

    @Test
    default void the_time_does_not_go_backwards_though_the_clock_did_while_the_store_was_closed() {
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        clock().set(noon);
        append(ORDER_1, events(1));
        clock().turn(Duration.ofDays(-3));
        reopen();
        append(ORDER_1, events(1));

        assertThat(log()).extracting(RecordedEvent::recordedAt).containsExactly(noon, noon);
        assertThat(store().positionAt(noon.minusNanos(1))).isZero();
        assertThat(store().positionAt(noon)).isEqualTo(store().head());
    }

    @Test
    default void a_follower_goes_on_from_its_checkpoint() throws Exception {
        append(ORDER_1, events(10));
        List<RecordedEvent> seen = new ArrayList<>();
        long checkpoint;
        try (CheckedSubscription follower = new CheckedSubscription(store(), Query.all(), 0)) {
            Batch batch = follower.next(4, CheckedSubscription.LONG);
            seen.addAll(batch.events());
            checkpoint = batch.position();
        }
        reopen();
        append(ORDER_2, events(3));

        try (CheckedSubscription follower = new CheckedSubscription(store(), Query.all(), checkpoint)) {
            seen.addAll(follower.take(13 - seen.size(), 5));
            append(ORDER_1, events(2));
            seen.addAll(follower.take(2, 5));
        }
        assertThat(seen).hasSize(15).isEqualTo(log());
    }

    @Test
    default void a_refused_append_is_not_there_after_opening_again() {
        append(ORDER_1, events(1));
        Event refused = event("Refused");
        assertThatThrownBy(() -> store().append(ORDER_1, 5, List.of(refused)))
                .isInstanceOf(StoreException.Conflict.class);

        reopen();

        assertThat(log()).hasSize(1);
        assertThat(store().find(ORDER_1, refused.id())).isEmpty();
        assertThat(append(ORDER_1, refused).repeated()).isFalse();
    }

    @Test
    default void large_events_and_large_appends_are_there_again() {
        byte[] bytes = new byte[Limits.DATA_BYTES_MAX];
        new Random(16).nextBytes(bytes);
        Data data = Data.of(bytes, Data.BINARY);
        List<Event> many = events(10_000);
        append(ORDER_1, Event.of("Large", data));
        append(ORDER_2, many);

        reopen();

        assertThat(readStream(ORDER_1)).hasSize(1);
        assertThat(readStream(ORDER_1).getFirst().data().equals(data)).isTrue();
        assertThat(facts(readStream(ORDER_2))).isEqualTo(many);
    }

    @Test
    default void what_was_accepted_while_the_store_closed_is_there_and_nothing_else() throws Exception {
        EventStore closing = store();
        CountDownLatch twenty = new CountDownLatch(20);
        List<List<UUID>> accepted = Together.run(List.<Callable<List<UUID>>>of(
                () -> appendUntilClosed(closing, "a", twenty),
                () -> appendUntilClosed(closing, "b", twenty),
                () -> appendUntilClosed(closing, "c", twenty),
                () -> {
                    twenty.await();
                    closing.close();
                    return List.of();
                }));

        reopen();

        assertThat(log())
                .hasSizeGreaterThanOrEqualTo(20)
                .extracting(RecordedEvent::id)
                .containsExactlyInAnyOrderElementsOf(
                        accepted.stream().flatMap(List::stream).toList());
    }

    /** Appends until the store is closed, counts down for each append, and returns the ids of what was accepted. */
    private static List<UUID> appendUntilClosed(EventStore store, String name, CountDownLatch count) {
        List<UUID> accepted = new ArrayList<>();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                List<Event> events = events(1);
                AppendResult result = store.append(StreamId.of("closing", name), accepted.size(), events);
                accepted.add(events.getFirst().id());
                assertThat(result.version()).isEqualTo(accepted.size());
                count.countDown();
            }
        } catch (IllegalStateException closed) {
            return accepted;
        }
        throw new AssertionError("the store still takes appends");
    }
}
