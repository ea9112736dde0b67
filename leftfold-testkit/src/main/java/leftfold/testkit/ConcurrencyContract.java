// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static leftfold.testkit.SampleEvents.INVOICE_1;
import static leftfold.testkit.SampleEvents.ORDER_1;
import static leftfold.testkit.SampleEvents.ORDER_2;
import static leftfold.testkit.SampleEvents.event;
import static leftfold.testkit.SampleEvents.events;
import static leftfold.testkit.SampleEvents.facts;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import leftfold.store.AppendCondition.NothingSince;
import leftfold.store.AppendCondition.StreamAt;
import leftfold.store.AppendResult;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import leftfold.store.Tag;
import org.junit.jupiter.api.Test;

/** The part of the contract that holds when many threads append and read at once. */
interface ConcurrencyContract extends StoreContract {
    /** Asserts that the stream has exactly these events, in any order, at versions without gaps. */
    default void assertHolds(StreamId stream, List<Event> events) {
        List<RecordedEvent> recorded = readStream(stream);
        assertThat(facts(recorded)).containsExactlyInAnyOrderElementsOf(events);
        assertThat(recorded)
                .extracting(RecordedEvent::version)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events.size()).boxed().toList());
        assertThat(recorded).extracting(RecordedEvent::position).isSorted().doesNotHaveDuplicates();
        assertThat(store().streamVersion(stream)).isEqualTo(events.size());
    }

    @Test
    default void sixteen_writers_that_expect_versions_of_one_stream_lose_and_duplicate_nothing() throws Exception {
        List<List<Event>> appended = Together.run(16, () -> {
            List<Event> mine = events(10);
            for (Event event : mine) {
                appendWithRetries(event);
            }
            return mine;
        });

        assertHolds(ORDER_1, appended.stream().flatMap(List::stream).toList());
    }

    /** Appends the event at the version that the stream is at, as often as it takes. */
    default void appendWithRetries(Event event) {
        while (!Thread.currentThread().isInterrupted()) {
            long version = store().streamVersion(ORDER_1);
            try {
                AppendResult result = store().append(ORDER_1, version, List.of(event));
                assertThat(result.version()).isEqualTo(version + 1);
                assertThat(result.repeated()).isFalse();
                return;
            } catch (StoreException.Conflict conflict) {
                assertThat(conflict.expected()).isEqualTo(version);
                assertThat(conflict.found()).isGreaterThan(version);
            }
        }
        throw new AssertionError("the append never succeeded");
    }

    @Test
    default void sixteen_writers_without_conditions_lose_and_duplicate_nothing() throws Exception {
        List<List<Event>> appended = Together.run(16, () -> {
            List<Event> mine = events(40);
            for (int i = 0; i < 40; i += 2) {
                append(ORDER_1, mine.subList(i, i + 2));
            }
            return mine;
        });

        assertHolds(ORDER_1, appended.stream().flatMap(List::stream).toList());
        List<RecordedEvent> recorded = readStream(ORDER_1);
        for (List<Event> mine : appended) {
            assertThat(facts(recorded)).containsSubsequence(mine);
        }
    }

    @Test
    default void sixteen_writers_of_sixteen_streams_do_not_disturb_each_other() throws Exception {
        AtomicInteger writers = new AtomicInteger();
        List<List<Event>> appended = Together.run(16, () -> {
            List<Event> mine = events(20);
            StreamId stream = StreamId.of("writer", String.valueOf(writers.incrementAndGet()));
            for (int i = 0; i < 20; i++) {
                assertThat(store().append(stream, i, List.of(mine.get(i))).version())
                        .isEqualTo(i + 1);
            }
            assertHolds(stream, mine);
            return mine;
        });

        assertThat(facts(log()))
                .containsExactlyInAnyOrderElementsOf(
                        appended.stream().flatMap(List::stream).toList());
    }

    @Test
    default void of_writers_that_expect_the_same_version_one_wins() throws Exception {
        for (long round = 0; round < 30; round++) {
            long version = round;
            List<Boolean> won = Together.run(8, () -> {
                try {
                    return store().append(ORDER_1, version, events(1)).version() == version + 1;
                } catch (StoreException.Conflict conflict) {
                    assertThat(conflict.found()).isEqualTo(version + 1);
                    return false;
                }
            });

            assertThat(won).containsOnlyOnce(true);
            assertThat(readStream(ORDER_1)).hasSize((int) round + 1);
        }
    }

    @Test
    default void of_writers_that_create_the_same_streams_one_wins_with_all_of_its_events() throws Exception {
        for (int round = 0; round < 20; round++) {
            StreamId left = StreamId.of("left", String.valueOf(round));
            StreamId right = StreamId.of("right", String.valueOf(round));
            List<List<Event>> winners = Together.run(8, () -> {
                List<Event> mine = events(2);
                StreamWrite first = new StreamWrite(left, mine.subList(0, 1));
                StreamWrite second = new StreamWrite(right, mine.subList(1, 2));
                try {
                    store().append(List.of(first, second), List.of(new StreamAt(left, 0), new StreamAt(right, 0)));
                    return mine;
                } catch (StoreException.Conflict lost) {
                    return List.of();
                }
            });

            List<Event> won = winners.stream().flatMap(List::stream).toList();
            assertThat(won).hasSize(2);
            assertThat(facts(readStream(left))).containsExactly(won.get(0));
            assertThat(facts(readStream(right))).containsExactly(won.get(1));
        }
    }

    @Test
    default void of_writers_that_want_no_event_with_a_tag_one_wins() throws Exception {
        AtomicInteger writers = new AtomicInteger();
        for (int round = 0; round < 30; round++) {
            Tag seat = Tag.of("seat", String.valueOf(round));
            NothingSince free = new NothingSince(Query.tags(seat), 0);
            List<Boolean> won = Together.run(8, () -> {
                StreamId stream = StreamId.of("booking", String.valueOf(writers.incrementAndGet()));
                try {
                    store().append(
                                    List.of(new StreamWrite(stream, List.of(event("SeatReserved", seat)))),
                                    List.of(free));
                    return true;
                } catch (StoreException.Conflict conflict) {
                    assertThat(conflict.condition()).isEqualTo(free);
                    return false;
                }
            });

            assertThat(won).containsOnlyOnce(true);
            assertThat(read(Query.tags(seat))).hasSize(1);
        }
    }

    @Test
    default void of_equal_appends_at_once_one_is_the_first_and_the_others_repeat_it() throws Exception {
        for (int round = 0; round < 20; round++) {
            StreamId stream = StreamId.of("round", String.valueOf(round));
            List<Event> events = events(3);
            List<AppendResult> results = Together.run(8, () -> store().append(stream, 0, events));

            assertThat(results).extracting(AppendResult::repeated).containsOnlyOnce(false);
            assertThat(results).extracting(AppendResult::version).containsOnly(3L);
            assertThat(results)
                    .extracting(AppendResult::position)
                    .containsOnly(readStream(stream).getLast().position());
            assertHolds(stream, events);
        }
    }

    @Test
    default void a_reader_never_sees_a_part_of_an_append() throws Exception {
        AtomicInteger writersLeft = new AtomicInteger(2);
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int writer = 0; writer < 2; writer++) {
            tasks.add(() -> {
                for (int i = 0; i < 40; i++) {
                    store().append(
                                    List.of(
                                            new StreamWrite(ORDER_1, events(1)),
                                            new StreamWrite(ORDER_2, events(1)),
                                            new StreamWrite(INVOICE_1, events(1))),
                                    List.of());
                }
                return writersLeft.decrementAndGet();
            });
        }
        for (int reader = 0; reader < 2; reader++) {
            tasks.add(() -> {
                int before = 0;
                while (writersLeft.get() > 0 && !Thread.currentThread().isInterrupted()) {
                    List<RecordedEvent> log = log();
                    assertThat(log.size()).isGreaterThanOrEqualTo(before);
                    assertThat(log.size() % 3).isZero();
                    before = log.size();
                    LockSupport.parkNanos(100_000); // a virtual thread that never waits keeps its carrier from others
                }
                return 0;
            });
        }
        Together.run(tasks);

        assertThat(log()).hasSize(240);
        assertThat(readStream(ORDER_2)).hasSize(80);
    }

    @Test
    default void a_writer_reads_what_it_wrote() throws Exception {
        AtomicInteger writers = new AtomicInteger();
        Together.run(8, () -> {
            StreamId stream = StreamId.of("own", String.valueOf(writers.incrementAndGet()));
            for (int i = 1; i <= 20; i++) {
                Event event = event("Own", Tag.of("own", stream.value()));
                AppendResult result = append(stream, event);

                assertThat(store().streamVersion(stream)).isEqualTo(i);
                assertThat(store().head()).isGreaterThanOrEqualTo(result.position());
                assertThat(facts(readStream(stream))).hasSize(i).contains(event);
                assertThat(read(Query.tags(Tag.of("own", stream.value())))).hasSize(i);
                assertThat(store().find(stream, event.id())).isPresent();
            }
            return stream;
        });
        assertThat(log()).hasSize(160);
    }

    @Test
    default void an_interrupted_reader_does_not_break_the_store() throws Exception {
        append(ORDER_1, events(50));
        for (int round = 0; round < 10; round++) {
            Together.run(4, () -> {
                Thread.currentThread().interrupt();
                try {
                    log();
                    readStream(ORDER_1);
                    store().streamVersion(ORDER_1);
                    store().find(ORDER_1, events(1).getFirst().id());
                } catch (StoreException giveUp) {
                    // A store may give up on an interrupted thread's read; what counts is what others see.
                }
                return true;
            });
        }
        assertThat(log()).hasSize(50);
        assertThat(append(ORDER_1, events(1)).version()).isEqualTo(51);
        assertThat(readStream(ORDER_1)).hasSize(51);
    }

    @Test
    default void an_interrupted_writer_does_not_break_the_store_and_may_repeat_its_append() throws Exception {
        List<Event> appended = new ArrayList<>();
        for (int round = 0; round < 10; round++) {
            List<Event> events = events(2);
            appended.addAll(events);
            Together.run(1, () -> {
                Thread.currentThread().interrupt();
                try {
                    append(ORDER_1, events);
                } catch (StoreException notKnown) {
                    assertThat(notKnown)
                            .isInstanceOfAny(StoreException.OutcomeUnknown.class, StoreException.Unavailable.class);
                }
                return true;
            });
            assertThat(append(ORDER_1, events).version()).isEqualTo(2 * round + 2);
        }
        assertHolds(ORDER_1, appended);
    }
}
