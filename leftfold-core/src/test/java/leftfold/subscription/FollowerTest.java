// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import leftfold.memory.MemoryEventStore;
import leftfold.store.Batch;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.subscription.FollowerStatus.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FollowerTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final StreamId STREAM = StreamId.of("count-1");
    private static final Query COUNTED = Query.types("Counted");

    private final MemoryEventStore store = new MemoryEventStore();
    private final Checkpoints checkpoints = new MemoryCheckpoints();
    private final BlockingQueue<Long> seen = new LinkedBlockingQueue<>();
    private final List<Follower> followers = new ArrayList<>();

    @AfterEach
    void end() {
        followers.forEach(Follower::close);
        store.close();
    }

    @Test
    void sees_what_is_there_and_what_is_to_come_in_log_order() throws InterruptedException {
        append("Counted", 700);
        Follower follower = follow("a", this::see);
        append("Counted", 30);
        assertThat(follower.await(730, LONG)).isTrue();
        assertThat(seen).containsExactlyElementsOf(positions(1, 730));
    }

    @Test
    void begins_after_its_checkpoint() throws InterruptedException {
        append("Counted", 5);
        checkpoints.move(new Checkpoint("a", store.id(), 0), 3);
        assertThat(follow("a", this::see).await(5, LONG)).isTrue();
        assertThat(seen).containsExactly(4L, 5L);
    }

    @Test
    void keeps_its_checkpoint_where_it_ended() throws InterruptedException {
        append("Counted", 5);
        Follower follower = follow("a", this::see);
        follower.await(5, LONG);
        follower.close();
        assertThat(checkpoints.load("a", store.id()).position()).isEqualTo(5);
        assertThat(follower.status().state()).isEqualTo(new State.Stopped());
        assertThat(follower.status()).hasToString("a is stopped at position 5 of 5");
    }

    @Test
    void waiting_for_an_event_that_does_not_match_waits_for_those_before_it() throws InterruptedException {
        Follower follower = follow("a", this::see);
        append("Counted", 2);
        append("Other", 3);
        assertThat(follower.await(5, LONG)).isTrue();
        assertThat(seen).containsExactly(1L, 2L);
    }

    @Test
    void waiting_for_what_is_not_there_ends_with_the_timeout() throws InterruptedException {
        append("Counted", 1);
        assertThat(follow("a", this::see).await(2, Duration.ofMillis(1))).isFalse();
    }

    @Test
    void a_failing_event_ends_the_follower_right_there_and_the_status_names_it() throws InterruptedException {
        List<UUID> ids = append("Counted", 6);
        append("Counted", 6);
        RuntimeException cause = new IllegalArgumentException("poison");
        Follower follower = follow("a", event -> {
            if (event.position() == 6) {
                throw cause;
            }
            see(event);
        });
        assertThat(follower.await(12, LONG)).isFalse();
        FollowerStatus status = follower.status();
        assertThat(status.state()).isEqualTo(new State.Failed(6, ids.get(5), cause));
        assertThat(status.position()).isEqualTo(5);
        assertThat(status.lagEvents()).isEqualTo(7);
        assertThat(status.toString())
                .contains("poison", "position 6", ids.get(5).toString());
        assertThat(checkpoints.load("a", store.id()).position()).isEqualTo(5);
        assertThat(seen).containsExactlyElementsOf(positions(1, 5));
    }

    @Test
    void a_failing_follower_leaves_others_alone() throws InterruptedException {
        append("Counted", 3);
        Follower failing = follow("a", event -> {
            throw new IllegalStateException("always");
        });
        assertThat(failing.await(3, LONG)).isFalse();
        Follower other = follow("b", this::see);
        append("Counted", 1);
        assertThat(other.await(4, LONG)).isTrue();
        assertThat(other.status().state()).isEqualTo(new State.Running());
    }

    @Test
    void a_failing_event_is_tried_again_as_often_as_the_backoff_says() throws InterruptedException {
        append("Counted", 3);
        List<Integer> failures = new ArrayList<>();
        Backoff thrice = Backoff.doubling(3, Duration.ofNanos(1));
        Backoff noted = count -> {
            failures.add(count);
            return thrice.pause(count);
        };
        Follower follower = start("a", noted, event -> {
            see(event);
            if (event.position() == 2) {
                throw new IllegalStateException("always");
            }
        });
        assertThat(follower.await(3, LONG)).isFalse();
        assertThat(seen).containsExactly(1L, 2L, 2L, 2L, 2L);
        assertThat(failures).containsExactly(1, 2, 3, 4);
    }

    @Test
    void an_event_that_succeeds_at_the_second_try_is_nothing_to_stop_for() throws InterruptedException {
        append("Counted", 4);
        AtomicBoolean failed = new AtomicBoolean();
        Follower follower = start("a", Backoff.doubling(1, Duration.ofNanos(1)), event -> {
            if (event.position() == 3 && !failed.getAndSet(true)) {
                throw new IllegalStateException("once");
            }
            see(event);
        });
        assertThat(follower.await(4, LONG)).isTrue();
        assertThat(seen).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void a_sink_that_cannot_be_asked_is_asked_again() throws InterruptedException {
        append("Counted", 2);
        Sink real = Sink.of("a", store.id(), checkpoints, this::see);
        AtomicInteger asked = new AtomicInteger();
        Sink slow = new Sink() {
            @Override
            public long checkpoint() throws Exception {
                if (asked.incrementAndGet() < 3) {
                    throw new IOException("not yet");
                }
                return real.checkpoint();
            }

            @Override
            public void take(Batch batch) throws Exception {
                real.take(batch);
            }
        };
        assertThat(start("a", Backoff.doubling(2, Duration.ofNanos(1)), slow).await(2, LONG))
                .isTrue();
        Follower impatient = start("b", Backoff.none(), new Sink() {
            @Override
            public long checkpoint() throws Exception {
                throw new IOException("never");
            }

            @Override
            public void take(Batch batch) {
                throw new AssertionError("nothing may be taken");
            }
        });
        assertThat(impatient.await(0, LONG)).isFalse();
        assertThat(failure(impatient)).hasMessage("never");
    }

    @Test
    void a_follower_closed_before_it_knows_where_to_begin_is_stopped_and_has_not_failed() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        Follower follower = start("a", failures -> Optional.of(LONG), new Sink() {
            @Override
            public long checkpoint() throws Exception {
                asked.countDown();
                throw new IOException("not yet");
            }

            @Override
            public void take(Batch batch) {
                throw new AssertionError("nothing may be taken");
            }
        });
        asked.await();
        follower.close();
        assertThat(follower.status().state()).isEqualTo(new State.Stopped());
    }

    @Test
    void a_checkpoint_of_another_log_is_refused() throws InterruptedException {
        append("Counted", 1);
        UUID other = UUID.randomUUID();
        checkpoints.move(new Checkpoint("a", other, 0), 1);
        Follower follower = follow("a", this::see);
        assertThat(follower.await(1, LONG)).isFalse();
        assertThat(failure(follower))
                .isInstanceOf(CheckpointException.OtherLog.class)
                .hasMessageContaining("belongs to log " + other);
        assertThat(checkpoints.load("a", other).position()).isEqualTo(1);
    }

    @Test
    void a_checkpoint_ahead_of_the_log_is_refused() throws InterruptedException {
        append("Counted", 1);
        checkpoints.move(new Checkpoint("a", store.id(), 0), 9);
        Follower follower = follow("a", this::see);
        assertThat(follower.await(1, LONG)).isFalse();
        assertThat(failure(follower)).isInstanceOf(CheckpointException.AheadOfLog.class);
    }

    @Test
    void a_checkpoint_that_another_one_moved_ends_the_follower() throws InterruptedException {
        append("Counted", 5);
        Follower follower = follow("a", event -> {
            if (event.position() == 5) {
                checkpoints.move(new Checkpoint("a", store.id(), 0), 2);
            }
        });
        assertThat(follower.await(5, LONG)).isFalse();
        assertThat(failure(follower)).isInstanceOfSatisfying(CheckpointException.Moved.class, moved -> {
            assertThat(moved.expected()).isZero();
            assertThat(moved.found()).isEqualTo(2);
        });
    }

    @Test
    void closing_finishes_the_event_under_way_and_the_next_start_goes_on() throws InterruptedException {
        append("Counted", 2);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Follower first = follow("a", event -> {
            entered.countDown();
            leave.await();
            see(event);
        });
        entered.await();
        Thread closer = Thread.ofVirtual().start(first::close);
        append("Counted", 3);
        leave.countDown();
        closer.join();
        assertThat(follow("a", this::see).await(5, LONG)).isTrue();
        assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void a_handler_may_close_its_own_follower() throws InterruptedException {
        CompletableFuture<Follower> self = new CompletableFuture<>();
        CountDownLatch closed = new CountDownLatch(1);
        self.complete(follow("a", event -> {
            self.join().close();
            closed.countDown();
        }));
        append("Counted", 1);
        assertThat(closed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        self.join().await(2, LONG);
        assertThat(self.join().status().state()).isEqualTo(new State.Stopped());
    }

    @Test
    void an_error_in_a_handler_is_a_failure_like_any_other() throws InterruptedException {
        append("Counted", 1);
        Follower follower = follow("a", event -> {
            throw new StackOverflowError("deep");
        });
        assertThat(follower.await(1, LONG)).isFalse();
        assertThat(failure(follower)).isInstanceOf(StackOverflowError.class);
    }

    @Test
    void a_closed_store_ends_the_follower_and_its_status_still_answers() throws InterruptedException {
        append("Counted", 1);
        Follower follower = follow("a", this::see);
        assertThat(follower.await(1, LONG)).isTrue();
        store.close();
        follower.thread().join();
        assertThat(failure(follower)).isInstanceOf(IllegalStateException.class);
        assertThat(follower.status().position()).isEqualTo(1);
    }

    @Test
    void lag_is_what_the_log_has_and_the_follower_has_not() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Follower follower = follow("a", event -> {
            entered.countDown();
            leave.await();
        });
        append("Counted", 4);
        entered.await();
        assertThat(follower.status().lagEvents()).isEqualTo(4);
        leave.countDown();
        assertThat(follower.await(4, LONG)).isTrue();
        assertThat(follower.status().lagEvents()).isZero();
    }

    private Follower follow(String name, EventHandler handler) {
        return start(name, Backoff.none(), handler);
    }

    private Follower start(String name, Backoff backoff, EventHandler handler) {
        return start(name, backoff, Sink.of(name, store.id(), checkpoints, handler));
    }

    private Follower start(String name, Backoff backoff, Sink sink) {
        FollowerSettings settings = FollowerSettings.standard().withBackoff(backoff);
        Follower follower = Follower.start(name, store, COUNTED, sink, settings);
        followers.add(follower);
        return follower;
    }

    private void see(RecordedEvent event) {
        seen.add(event.position());
    }

    private List<UUID> append(String type, int count) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(Event.of(type, Data.json("{}")));
        }
        store.append(STREAM, store.streamVersion(STREAM), events);
        return events.stream().map(Event::id).toList();
    }

    private static Throwable failure(Follower follower) {
        return switch (follower.status().state()) {
            case State.Failed(long position, UUID id, Throwable cause) -> cause;
            case State.Running() -> throw new AssertionError("running");
            case State.Waiting(String reason) -> throw new AssertionError(reason);
            case State.Stopped() -> throw new AssertionError("stopped");
        };
    }

    private static List<Long> positions(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }
}
