// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import leftfold.memory.MemoryEventStore;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CommandConflictTest {
    private static final StreamId TILL = StreamId.of("till-1");
    private static final UUID ID = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final int THREADS = 16;
    private static final int COMMANDS = 25;

    private final WatchedStore store = new WatchedStore();
    private final List<Long> pauses = new ArrayList<>();
    private final CommandHandler<Till.Command, Till.Event, Long> handler = CommandHandler.builder(
                    store, new Till(), new Till.Events())
            .backoff(new Random(7), pauses::add)
            .attemptsMax(8)
            .build();
    private long others;

    @Test
    void a_command_in_another_writers_way_decides_again_on_what_that_one_wrote() {
        store.beforeAppend = () -> interfereUpTo(2);
        assertThat(handler.handle(TILL, Till.putIn(5L))).isEqualTo(new Handled<>(7L, List.of(Till.in(5)), 3, 3, false));
        assertThat(pauses).hasSize(2);
        assertThat(store.readsFrom).containsExactly(1L, 1L, 2L);
    }

    @Test
    void a_second_decision_may_refuse() {
        handler.handle(TILL, Till.putIn(5L));
        CommandHandler<Till.Command, Till.Event, Long> other =
                CommandHandler.builder(store, new Till(), new Till.Events()).build();
        store.beforeAppend = () -> {
            store.beforeAppend = () -> {};
            other.handle(TILL, Till.takeOut(5));
        };
        assertThatThrownBy(() -> handler.handle(TILL, Till.takeOut(5))).isInstanceOf(Till.NotEnough.class);
    }

    @Test
    void attempts_are_bounded_and_then_the_last_conflict_is_thrown() {
        store.beforeAppend = () -> interfereUpTo(Long.MAX_VALUE);
        StoreException.Conflict conflict =
                catchThrowableOfType(StoreException.Conflict.class, () -> handler.handle(TILL, Till.putIn(5L)));
        assertThat(conflict.expected()).isEqualTo(7);
        assertThat(conflict.found()).isEqualTo(8);
        assertThat(store.appends).isEqualTo(8);
        assertThat(pauses).hasSize(7);
    }

    @Test
    void pauses_are_random_below_a_limit_that_doubles_up_to_the_longest() {
        Backoff longest = new Backoff(
                new Random(7) {
                    @Override
                    public long nextLong(long bound) {
                        return bound - 1;
                    }
                },
                pauses::add);
        for (int attempt : new int[] {1, 2, 3, 7, 8, 1_000_000}) {
            longest.afterAttempt(attempt);
        }
        assertThat(pauses).containsExactly(1_000_000L, 2_000_000L, 4_000_000L, 64_000_000L, 100_000_000L, 100_000_000L);
    }

    @Test
    void an_unknown_outcome_is_passed_on_and_the_same_command_again_takes_effect_once() {
        store.afterAppend = () -> {
            throw new StoreException.OutcomeUnknown("the connection was lost", new RuntimeException("reset"));
        };
        assertThatThrownBy(() -> handler.handle(TILL, Till.putIn(5L), CommandContext.of(ID)))
                .isInstanceOf(StoreException.OutcomeUnknown.class);
        store.afterAppend = () -> {};
        assertThat(handler.handle(TILL, Till.putIn(5L), CommandContext.of(ID)))
                .isEqualTo(new Handled<>(5L, List.of(Till.in(5)), 1, 1, true));
        assertThat(store.head()).isEqualTo(1);
        assertThat(store.appends).isEqualTo(1);
    }

    @Test
    void a_twin_that_is_faster_gives_the_outcome_of_both_even_if_it_decided_something_else() {
        CommandHandler<Till.Command, Till.Event, Long> twin =
                CommandHandler.builder(store, new Till(), new Till.Events()).build();
        store.beforeAppend = () -> {
            store.beforeAppend = () -> {};
            twin.handle(TILL, Till.putIn(1L, 2L), CommandContext.of(ID));
        };
        assertThat(handler.handle(TILL, Till.putIn(9L), CommandContext.of(ID)))
                .isEqualTo(new Handled<>(3L, List.of(Till.in(1), Till.in(2)), 2, 2, true));
        UUID other = UUID.fromString("00000000-0000-4000-8000-000000000002");
        store.beforeAppend = () -> {
            store.beforeAppend = () -> {};
            twin.handle(TILL, Till.putIn(4L), CommandContext.of(other));
        };
        assertThat(handler.handle(TILL, Till.putIn(7L, 8L), CommandContext.of(other)))
                .isEqualTo(new Handled<>(7L, List.of(Till.in(4)), 3, 3, true));
    }

    @Test
    void sixteen_threads_on_one_stream_lose_nothing_and_write_nothing_twice() throws Exception {
        EventStore shared = new MemoryEventStore();
        CommandHandler<Till.Command, Till.Event, Long> busy = CommandHandler.builder(
                        shared, new Till(), new Till.Events())
                .attemptsMax(10_000)
                .backoff(new Random(7), nanos -> Thread.onSpinWait())
                .build();
        inThreads(() -> {
            for (int i = 0; i < COMMANDS; i++) {
                busy.handle(TILL, Till.putIn(1L, 100L));
            }
            return null;
        });
        assertThat(busy.state(TILL).state()).isEqualTo(101L * THREADS * COMMANDS);
        assertThat(shared.streamVersion(TILL)).isEqualTo(2L * THREADS * COMMANDS);
    }

    @Test
    void one_command_id_in_sixteen_threads_takes_effect_once() throws Exception {
        EventStore shared = new MemoryEventStore();
        CommandHandler<Till.Command, Till.Event, Long> busy =
                CommandHandler.builder(shared, new Till(), new Till.Events()).build();
        List<Handled<Long, Till.Event>> outcomes =
                inThreads(() -> busy.handle(TILL, Till.putIn(1L, 2L), CommandContext.of(ID)));
        assertThat(shared.streamVersion(TILL)).isEqualTo(2);
        assertThat(outcomes).extracting(Handled::version).containsOnly(2L);
        assertThat(outcomes).extracting(Handled::state).containsOnly(3L);
        assertThat(outcomes).filteredOn(outcome -> !outcome.repeated()).hasSize(1);
    }

    private void interfereUpTo(long timesMax) {
        if (others < timesMax) {
            Event event = Event.of("CoinPutIn", Data.json("1"));
            Runnable hook = store.beforeAppend;
            store.beforeAppend = () -> {};
            store.append(TILL, others++, List.of(event));
            store.appends--;
            store.beforeAppend = hook;
        }
    }

    private static <T> List<T> inThreads(Callable<T> work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                running.add(threads.submit(work));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get());
            }
            return results;
        }
    }
}
