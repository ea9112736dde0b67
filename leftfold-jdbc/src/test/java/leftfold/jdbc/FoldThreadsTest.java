// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import leftfold.jdbc.Movement.Closed;
import leftfold.jdbc.Movement.Deposited;
import leftfold.memory.MemoryEventStore;
import leftfold.store.RecordedEvent;
import leftfold.subscription.HandlerException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Threads that share out one batch. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FoldThreadsTest {
    private final FoldThreads threads = new FoldThreads(2);

    @AfterEach
    void end() {
        threads.close();
    }

    @Test
    void results_come_in_the_order_of_the_parts() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        assertThat(threads.<String>run(List.of(
                        () -> {
                            second.await();
                            return "first";
                        },
                        () -> {
                            second.countDown();
                            return "second";
                        })))
                .containsExactly("first", "second");
    }

    @Test
    void the_first_event_that_failed_is_told_whichever_part_it_was_of() {
        List<RecordedEvent> events = events();
        assertThatThrownBy(() -> threads.<String>run(List.of(() -> fail(events.getLast()), () -> fail(events.get(0)))))
                .isInstanceOfSatisfying(
                        HandlerException.class,
                        failed -> assertThat(failed.event().position()).isEqualTo(1));
        assertThatThrownBy(() -> threads.<String>run(List.of(() -> fail(events.get(0)), () -> fail(events.getLast()))))
                .isInstanceOfSatisfying(
                        HandlerException.class,
                        failed -> assertThat(failed.event().position()).isEqualTo(1));
    }

    @Test
    void an_event_is_told_rather_than_a_failure_that_no_event_has() {
        RecordedEvent event = events().getFirst();
        assertThatThrownBy(() -> threads.<String>run(List.of(
                        () -> {
                            throw new SQLException("away");
                        },
                        () -> fail(event))))
                .isInstanceOf(HandlerException.class);
        assertThatThrownBy(() -> threads.<String>run(List.of(() -> "done", () -> {
                    throw new SQLException("away");
                })))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> threads.<String>run(List.of(
                        () -> {
                            throw new StackOverflowError();
                        },
                        () -> "done")))
                .isInstanceOf(StackOverflowError.class);
    }

    @Test
    void a_failure_is_told_once_all_parts_have_ended() {
        AtomicInteger ended = new AtomicInteger();
        Thread caller = Thread.currentThread();
        CountDownLatch failing = new CountDownLatch(1);
        assertThatThrownBy(() -> threads.<String>run(List.of(
                        () -> {
                            failing.await();
                            while (caller.getState() != Thread.State.WAITING) {
                                Thread.onSpinWait(); // until it waits for this part alone
                            }
                            ended.incrementAndGet();
                            return "done";
                        },
                        () -> {
                            failing.countDown();
                            return fail(events().getFirst());
                        })))
                .isInstanceOf(HandlerException.class);
        assertThat(ended).hasValue(1);
    }

    @Test
    void who_interrupts_the_caller_interrupts_all_parts() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        AtomicInteger interrupted = new AtomicInteger();
        FoldThreads.Part<String> hangs = () -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            }
            return "interrupted";
        };
        Thread caller = Thread.currentThread();
        Thread other = Thread.ofPlatform().start(() -> {
            try {
                begun.await();
            } catch (InterruptedException e) {
                return;
            }
            caller.interrupt();
        });
        assertThat(threads.run(List.of(hangs, hangs))).hasSize(2);
        assertThat(Thread.interrupted()).isTrue();
        other.join();
        assertThat(interrupted).hasValue(2);
    }

    @Test
    void what_one_event_ties_together_is_of_one_part_and_the_rest_is_shared_out() {
        DocumentCache<String> cache = new DocumentCache<>(1_000_000);
        cache.clear(true);
        DocumentParts<String> parts = new DocumentParts<>(key -> cache.add(key, null, 0));
        for (List<String> keys :
                List.of(List.of("a"), List.of("b"), List.of("c"), List.of("d"), List.of("a", "b"), List.<String>of())) {
            parts.add(keys);
        }
        assertThat(parts.divide(2)).containsExactly(List.of(0, 1, 4), List.of(2, 3, 5));
        assertThat(parts.entry(0, "b").key).isEqualTo("b");
        assertThatThrownBy(() -> parts.entry(1, "b")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> parts.entry(1, "e")).hasMessageContaining("which it does not name");
    }

    private static String fail(RecordedEvent event) throws HandlerException {
        throw new HandlerException(event, new IllegalStateException("bad"));
    }

    private static List<RecordedEvent> events() {
        try (MemoryEventStore store = new MemoryEventStore()) {
            Bank.append(store, new Deposited("ann", 1));
            Bank.append(store, new Closed("ann"));
            return store.readStream(Bank.STREAM).toList();
        }
    }
}
