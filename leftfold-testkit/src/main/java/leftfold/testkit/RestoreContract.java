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
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import leftfold.store.AppendCondition.NothingSince;
import leftfold.store.AppendCondition.StreamAt;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Limits;
import leftfold.store.Metadata;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.RestorableStore;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.StreamWrite;
import leftfold.store.Tag;
import org.junit.jupiter.api.Test;

/**
 * The part of the contract that holds for every {@link RestorableStore}. For implementers of stores: let the class that
 * extends {@link EventStoreContract} implement this, too.
 */
public interface RestoreContract extends StoreContract {
    /** Restores into the store under test. */
    default void restore(List<RecordedEvent> events) {
        assertThat(store()).isInstanceOf(RestorableStore.class);
        ((RestorableStore) store()).restore(events);
    }

    /** Restores a log in batches of random size and returns it. */
    default List<RecordedEvent> restoreRandom(long seed, int appends) {
        List<RecordedEvent> log = OtherLog.random(seed, appends);
        Random random = new Random(seed);
        for (int from = 0, to; from < log.size(); from = to) {
            to = Math.min(log.size(), from + 1 + random.nextInt(20));
            restore(log.subList(from, to));
        }
        return log;
    }

    @Test
    default void a_restored_log_is_the_same_log() {
        List<RecordedEvent> log = restoreRandom(21, 200);

        assertThat(log()).hasSizeGreaterThan(200).isEqualTo(log);
        assertThat(store().head()).isEqualTo(log.size());
        assertThat(read(Query.all(), Long.MAX_VALUE, Direction.BACKWARDS, Long.MAX_VALUE))
                .isEqualTo(log.reversed());
        try (var streams = store().streams()) {
            for (StreamVersion stream : streams.toList()) {
                List<RecordedEvent> events = log.stream()
                        .filter(event -> event.stream().equals(stream.stream()))
                        .toList();
                assertThat(readStream(stream.stream())).isEqualTo(events);
                assertThat(stream.version()).isEqualTo(events.size());
                assertThat(store().streamVersion(stream.stream())).isEqualTo(events.size());
            }
        }
    }

    @Test
    default void restored_events_are_found_by_query_id_and_time() {
        List<RecordedEvent> log = restoreRandom(22, 100);

        Random random = new Random(22);
        for (int i = 0; i < 50; i++) {
            Query query = RandomEvents.query(random);
            assertThat(read(query))
                    .isEqualTo(log.stream().filter(query::matches).toList());
        }
        for (RecordedEvent event : log) {
            assertThat(store().find(event.stream(), event.id())).contains(event);
            assertThat(store().positionAt(event.recordedAt()))
                    .isEqualTo(log.stream()
                            .filter(other -> !other.recordedAt().isAfter(event.recordedAt()))
                            .count());
        }
    }

    @Test
    default void a_restored_event_keeps_all_that_it_carried() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        Metadata metadata = new Metadata("c-1", "", "ann", null, Collections.emptyMap())
                .withHeader("z", "1")
                .withHeader("a", "");
        Event full = new Event(UUID.randomUUID(), "Caf\u00e9\u0001", 3, Data.of(bytes, "x/y"), metadata, tags());
        Event text = Event.of("Text", Data.json("{\"b\":1,  \"a\":1.0}"));
        StreamId stream = StreamId.of("\ud83d\ude80-\n\u0001");
        List<RecordedEvent> log = List.of(
                new RecordedEvent(1, stream, 1, Instant.parse("1969-12-31T23:59:59.999999Z"), full),
                new RecordedEvent(2, stream, 2, Instant.parse("2038-01-19T03:14:08.000001Z"), text));
        restore(log);

        assertThat(log()).isEqualTo(log);
        assertThat(log().getFirst().tags()).containsExactlyElementsOf(full.tags());
        assertThat(log().getFirst().metadata().headers().keySet()).containsExactly("z", "a");
        assertThat(log().getLast().data().text()).isEqualTo("{\"b\":1,  \"a\":1.0}");
    }

    private static Set<Tag> tags() {
        return Collections.unmodifiableSet(
                new LinkedHashSet<>(List.of(Tag.of("z", "1"), Tag.of("a", ""), Tag.of("m", "x:y"))));
    }

    @Test
    default void appends_go_on_behind_restored_events() {
        List<RecordedEvent> log = OtherLog.of(events(3));
        restore(log);
        AppendResult next = store().append(ORDER_1, 3, events(2));
        AppendResult other = append(ORDER_2, events(1));

        assertThat(next).isEqualTo(new AppendResult(5, List.of(new StreamVersion(ORDER_1, 5)), false));
        assertThat(other.position()).isEqualTo(6);
        assertThat(log()).hasSize(6).startsWith(log.toArray(new RecordedEvent[0]));
        assertThat(readStream(ORDER_1)).hasSize(5);
    }

    @Test
    default void the_time_does_not_go_back_behind_restored_events() {
        Instant late = clock().instant().plus(Duration.ofDays(9));
        restore(List.of(new RecordedEvent(1, ORDER_1, 1, late, event("Late"))));
        append(ORDER_1, events(1));
        clock().set(late.plusSeconds(1));
        append(ORDER_1, events(1));

        assertThat(log()).extracting(RecordedEvent::recordedAt).containsExactly(late, late, late.plusSeconds(1));
    }

    @Test
    default void a_log_with_appends_of_its_own_can_go_on_with_restored_events() {
        append(ORDER_1, events(2));
        List<RecordedEvent> own = log();
        Instant now = clock().instant();
        List<RecordedEvent> more = List.of(
                new RecordedEvent(3, INVOICE_1, 1, now, event("Sent")),
                new RecordedEvent(4, ORDER_1, 3, now.plusSeconds(1), event("Paid")));
        restore(more);

        assertThat(log())
                .hasSize(4)
                .startsWith(own.toArray(new RecordedEvent[0]))
                .endsWith(more.get(0), more.get(1));
        assertThat(readStream(ORDER_1)).extracting(RecordedEvent::version).containsExactly(1L, 2L, 3L);
    }

    @Test
    default void an_append_of_restored_ids_is_a_repeat() {
        List<Event> events = events(4);
        restore(OtherLog.of(events));

        assertThat(store().append(ORDER_1, 1, events.subList(1, 3)))
                .isEqualTo(new AppendResult(3, List.of(new StreamVersion(ORDER_1, 3)), true));
        assertThatThrownBy(() -> store().append(ORDER_1, 2, events.subList(1, 3)))
                .isInstanceOf(StoreException.Conflict.class);
        assertThatThrownBy(() -> append(ORDER_1, events.get(3), event("New")))
                .isInstanceOf(StoreException.EventIdConflict.class);
        assertThat(append(ORDER_2, events.getFirst()).repeated()).isFalse();
        assertThat(log()).hasSize(5);
    }

    @Test
    default void conditions_see_restored_events() {
        Tag seat = Tag.of("seat", "12A");
        restore(OtherLog.of(List.of(event("SeatReserved", seat), event("Paid"))));
        List<StreamWrite> writes = List.of(new StreamWrite(INVOICE_1, events(1)));

        assertThatExceptionOfType(StoreException.Conflict.class)
                .isThrownBy(() -> store().append(writes, List.of(new NothingSince(Query.tags(seat), 0))))
                .satisfies(conflict -> assertThat(conflict.found()).isEqualTo(1));
        assertThatExceptionOfType(StoreException.Conflict.class)
                .isThrownBy(() -> store().append(ORDER_1, 1, events(1)))
                .satisfies(conflict -> assertThat(conflict.found()).isEqualTo(2));
        store().append(writes, List.of(new NothingSince(Query.tags(seat), 1), new StreamAt(ORDER_1, 2)));
        assertThat(log()).hasSize(3);
    }

    @Test
    default void a_follower_sees_restored_events_as_they_come() throws Exception {
        List<RecordedEvent> log = OtherLog.random(23, 40);
        List<RecordedEvent> seen = new ArrayList<>();
        try (CheckedSubscription follower = new CheckedSubscription(store(), Query.all(), 0)) {
            restore(log.subList(0, 10));
            seen.addAll(follower.take(10, 4));
            restore(log.subList(10, log.size()));
            seen.addAll(follower.take(log.size() - 10, 1_000));
        }

        assertThat(seen).isEqualTo(log);
    }

    @Test
    default void a_reader_never_sees_a_part_of_what_is_restored_together() throws Exception {
        int batch = 250;
        List<RecordedEvent> log = OtherLog.of(events(20 * batch));
        List<Long> heads = Together.run(List.<Callable<List<Long>>>of(
                        () -> {
                            for (int from = 0; from < log.size(); from += batch) {
                                restore(log.subList(from, from + batch));
                                assertThat(store().head()).isEqualTo(from + batch);
                            }
                            return List.of();
                        },
                        () -> headsUpTo(log.size())))
                .getLast();

        assertThat(heads).isNotEmpty().allMatch(head -> head % batch == 0);
    }

    /** Returns every head seen, and every number of events that a query found, until the log is that long. */
    default List<Long> headsUpTo(long end) {
        assertThat(store()).isInstanceOf(RestorableStore.class);
        List<Long> seen = new ArrayList<>();
        long deadline = System.nanoTime() + CheckedSubscription.LONG.toNanos();
        long head;
        do {
            head = store().head();
            seen.add(head);
            seen.add((long) readStream(ORDER_1).size());
            assertThat(System.nanoTime()).as("the log ends at %d", head).isLessThan(deadline);
        } while (head < end && !Thread.currentThread().isInterrupted());
        return seen;
    }

    @Test
    default void of_threads_that_restore_the_same_events_one_wins() throws Exception {
        List<RecordedEvent> log = OtherLog.of(events(5));
        List<Boolean> won = Together.run(8, () -> {
            try {
                restore(log);
                return true;
            } catch (StoreException.DoesNotFit e) {
                return false;
            }
        });

        assertThat(won).containsOnlyOnce(true);
        assertThat(log()).isEqualTo(log);
    }

    @Test
    default void events_that_do_not_go_on_where_the_log_ends_are_refused() {
        List<Event> events = events(3);
        List<RecordedEvent> log = OtherLog.of(events);
        restore(log);
        Instant last = log.getLast().recordedAt();

        assertDoesNotFit(new RecordedEvent(3, ORDER_1, 4, last, event("Again")));
        assertDoesNotFit(new RecordedEvent(5, ORDER_1, 4, last, event("Gap")));
        assertDoesNotFit(new RecordedEvent(4, ORDER_1, 3, last, event("SameVersion")));
        assertDoesNotFit(new RecordedEvent(4, ORDER_1, 5, last, event("LaterVersion")));
        assertDoesNotFit(new RecordedEvent(4, ABSENT, 2, last, event("NoStream")));
        assertDoesNotFit(new RecordedEvent(4, ORDER_1, 4, last.minusNanos(1_000), event("Earlier")));
        assertDoesNotFit(new RecordedEvent(4, ORDER_1, 4, last, events.get(1)));
        assertThat(log()).isEqualTo(log);
    }

    /** Asserts that the event is refused by its position. */
    private void assertDoesNotFit(RecordedEvent event) {
        assertThatExceptionOfType(StoreException.DoesNotFit.class)
                .isThrownBy(() -> restore(List.of(event)))
                .satisfies(refusal -> assertThat(refusal.position()).isEqualTo(event.position()))
                .withMessageContaining(String.valueOf(event.position()));
    }

    @Test
    default void refused_events_leave_nothing_and_the_log_goes_on() {
        List<RecordedEvent> log = OtherLog.of(events(2));
        restore(log);
        Instant later = log.getLast().recordedAt().plusSeconds(1);
        RecordedEvent fits = new RecordedEvent(3, ORDER_2, 1, later, event("Fits"));
        RecordedEvent taken =
                new RecordedEvent(4, ORDER_1, 3, later, log.getFirst().event());
        RecordedEvent right = new RecordedEvent(4, ORDER_1, 3, later, event("Right"));

        assertThatExceptionOfType(StoreException.DoesNotFit.class)
                .isThrownBy(() -> restore(List.of(fits, taken)))
                .satisfies(refusal -> assertThat(refusal.position()).isEqualTo(4));
        assertThat(log()).isEqualTo(log);
        assertThat(store().streamVersion(ORDER_2)).isZero();
        assertThat(store().find(ORDER_2, fits.id())).isEmpty();
        restore(List.of(fits, right));
        assertThat(log()).hasSize(4).endsWith(fits, right);
    }

    @Test
    default void events_that_do_not_fit_together_are_refused() {
        Instant time = OtherLog.START;
        RecordedEvent first = new RecordedEvent(1, ORDER_1, 1, time, event("First"));
        assertRefused(List.of());
        assertRefused(List.of(first, new RecordedEvent(3, ORDER_1, 2, time, event("PositionGap"))));
        assertRefused(List.of(first, new RecordedEvent(1, ORDER_1, 2, time, event("PositionTwice"))));
        assertRefused(List.of(first, new RecordedEvent(2, ORDER_1, 3, time, event("VersionGap"))));
        assertRefused(List.of(first, new RecordedEvent(2, ORDER_1, 1, time, event("VersionTwice"))));
        assertRefused(List.of(first, new RecordedEvent(2, ORDER_1, 2, time.minusNanos(1_000), event("Earlier"))));
        assertRefused(List.of(first, new RecordedEvent(2, ORDER_1, 2, time, first.event())));
        assertRefused(List.of(new RecordedEvent(1, ORDER_1, 0, time, event("NoVersion"))));
        assertRefused(List.of(new RecordedEvent(1, ORDER_1, 1, time.plusNanos(1), event("Nanosecond"))));
        assertRefused(List.of(new RecordedEvent(1, ORDER_1, 1, Instant.MAX.minusNanos(999), event("Never"))));
        assertRefused(OtherLog.of(events(Limits.APPEND_EVENTS_MAX + 1)));

        restore(List.of(first, new RecordedEvent(2, ORDER_2, 1, time, first.event())));
        assertThat(log()).hasSize(2);
    }

    private void assertRefused(List<RecordedEvent> events) {
        assertThatIllegalArgumentException().isThrownBy(() -> restore(events));
        assertThat(log()).isEmpty();
    }

    @Test
    default void the_most_events_and_the_largest_are_restored_at_once() {
        byte[] bytes = new byte[Limits.DATA_BYTES_MAX];
        new Random(24).nextBytes(bytes);
        List<RecordedEvent> many = OtherLog.of(events(Limits.APPEND_EVENTS_MAX));
        restore(many);
        RecordedEvent last = many.getLast();
        List<RecordedEvent> large = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            Event event = Event.of("Large", Data.of(bytes, Data.BINARY));
            large.add(new RecordedEvent(last.position() + i, ORDER_2, i, last.recordedAt(), event));
        }
        restore(large);

        assertThat(facts(readStream(ORDER_1))).isEqualTo(facts(many));
        assertThat(readStream(ORDER_2).equals(large)).isTrue();
    }

    @Test
    default void a_closed_store_restores_nothing() {
        List<RecordedEvent> log = OtherLog.of(events(2));
        restore(log.subList(0, 1));
        assertThat(log()).hasSize(1);
        store().close();

        assertThatIllegalStateException().isThrownBy(() -> restore(log.subList(1, 2)));
    }
}
