// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import leftfold.memory.MemoryEventStore;
import leftfold.store.Batch;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What a sink can ask of its follower. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SinkTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final MemoryEventStore store = new MemoryEventStore();
    private final List<Long> taken = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<Follower> followers = new ArrayList<>();

    @AfterEach
    void end() {
        followers.forEach(Follower::close);
        store.close();
    }

    /** Keeps the positions of what it takes. */
    private class KeepingSink implements Sink {
        private volatile long position;

        @Override
        public long checkpoint() throws Exception {
            return position;
        }

        @Override
        public void take(Batch batch) throws Exception {
            batch.events().forEach(event -> taken.add(event.position()));
            position = batch.position();
        }

        void jump(long to) {
            position = to;
        }
    }

    @Test
    void a_sink_that_is_away_is_waited_for_and_asked_anew_where_it_stands() throws Exception {
        append(10);
        AtomicBoolean away = new AtomicBoolean(true);
        KeepingSink sink = new KeepingSink() {
            @Override
            public long checkpoint() throws Exception {
                if (away.get()) {
                    throw new SinkUnavailableException("somebody else has it", null);
                }
                return super.checkpoint();
            }
        };
        Follower follower = start(sink);
        assertThat(follower.await(1, Duration.ofMillis(120))).isFalse();
        assertThat(follower.status()).hasToString("a is waiting (somebody else has it) at position 0 of 10");
        sink.jump(7);
        away.set(false);
        assertThat(follower.await(10, LONG)).isTrue();
        assertThat(taken).containsExactly(8L, 9L, 10L);
        assertThat(heard).contains("waits: somebody else has it");
    }

    @Test
    void a_sink_takes_nothing_beyond_its_limit() throws Exception {
        append(10);
        AtomicLong limit = new AtomicLong(4);
        Follower follower = start(new KeepingSink() {
            @Override
            public long limit() {
                return limit.get();
            }
        });
        assertThat(follower.await(4, LONG)).isTrue();
        assertThat(follower.await(5, Duration.ofMillis(60))).isFalse();
        assertThat(taken).containsExactly(1L, 2L, 3L, 4L);
        limit.set(9);
        assertThat(follower.await(9, LONG)).isTrue();
        limit.set(Long.MAX_VALUE);
        assertThat(follower.await(10, LONG)).isTrue();
        assertThat(taken).hasSize(10);
    }

    @Test
    void a_sink_may_put_a_failing_event_aside() throws Exception {
        append(5);
        List<Long> parked = new CopyOnWriteArrayList<>();
        Follower follower = start(new KeepingSink() {
            @Override
            public void take(Batch batch) throws Exception {
                for (RecordedEvent event : batch.events()) {
                    if (event.position() == 3) {
                        throw new HandlerException(event, new IllegalStateException("poison"));
                    }
                }
                super.take(batch);
            }

            @Override
            public boolean park(HandlerException failure) {
                parked.add(failure.event().position());
                jump(failure.event().position());
                return true;
            }
        });
        assertThat(follower.await(5, LONG)).isTrue();
        assertThat(taken).containsExactly(1L, 2L, 4L, 5L);
        assertThat(parked).containsExactly(3L);
        assertThat(heard).contains("parked: 3");
    }

    @Test
    void a_batch_under_way_shows_as_busy_and_the_lag_as_time() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        append(1);
        Follower follower = start(new KeepingSink() {
            @Override
            public void take(Batch batch) throws Exception {
                goOn.await();
                super.take(batch);
            }
        });
        while (follower.status().progress().busy().toMillis() < 5) {
            Thread.onSpinWait();
        }
        assertThat(follower.lag()).isPositive();
        goOn.countDown();
        assertThat(follower.await(1, LONG)).isTrue();
        assertThat(follower.lag()).isZero();
        assertThat(follower.status().eta()).contains(Duration.ZERO);
    }

    @Test
    void batches_grow_while_they_are_quick_and_shrink_when_they_are_slow() {
        Pace pace = new Pace(1_000);
        assertThat(pace.batchEvents()).isEqualTo(64);
        pace.taken(64, 1_000, 64, 1);
        assertThat(pace.batchEvents()).isEqualTo(128);
        pace.taken(10, 1_000, 74, 2);
        assertThat(pace.batchEvents()).as("after a batch that was not full").isEqualTo(128);
        for (int i = 0; i < 9; i++) {
            pace.taken(pace.batchEvents(), 1_000, 100, 3);
        }
        assertThat(pace.batchEvents()).isEqualTo(1_000);
        for (int i = 0; i < 20; i++) {
            pace.taken(pace.batchEvents(), 1_000_000_000, 100, 4);
        }
        assertThat(pace.batchEvents()).isEqualTo(1);
    }

    @Test
    void the_rate_is_what_was_finished_lately() {
        Pace pace = new Pace(1_000);
        pace.begin(100, 0);
        assertThat(pace.positionsPerSecond(300, 2_000_000_000L)).isEqualTo(100.0);
        assertThat(FollowerStatus.eta(500, 100)).contains(Duration.ofSeconds(5));
        assertThat(FollowerStatus.eta(500, 0)).isEmpty();
    }

    private Follower start(Sink sink) {
        FollowerListener listener = new FollowerListener() {
            @Override
            public void waits(String follower, String reason) {
                heard.add("waits: " + reason);
            }

            @Override
            public void parked(String follower, RecordedEvent event, Throwable cause) {
                heard.add("parked: " + event.position());
            }
        };
        FollowerSettings settings =
                FollowerSettings.standard().withBackoff(Backoff.none()).withListener(listener);
        Follower follower = Follower.start("a", store, Query.all(), sink, settings);
        followers.add(follower);
        return follower;
    }

    private void append(int count) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(Event.of("Counted", Data.json("{}")));
        }
        StreamId stream = StreamId.of("count-1");
        store.append(stream, store.streamVersion(stream), events);
    }
}
