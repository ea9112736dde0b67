// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import leftfold.example.marketnews.RunningNewsroom;
import leftfold.memory.MemoryEventStore;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TrafficTest {
    private static final long SEED = 7;

    /** An event without what the store added. */
    private record Place(StreamId stream, long version, Event event) {}

    @Test
    void the_same_seed_gives_the_same_log() throws Exception {
        assertThat(played()).isEqualTo(played()).hasSizeGreaterThan(4_000);
    }

    @Tag("slow")
    @Test
    void a_day_that_is_cut_off_again_and_again_ends_as_if_it_had_not_been() throws Exception {
        List<Place> expected = played();
        try (EventStore store = new MemoryEventStore()) {
            int cuts = 0;
            while (!playUpTo(store, 37)) {
                cuts++;
            }

            assertThat(log(store)).isEqualTo(expected);
            assertThat(cuts).isGreaterThan(10);
        }
    }

    @Test
    void a_day_that_is_played_again_adds_nothing() throws Exception {
        try (EventStore store = new MemoryEventStore();
                RunningNewsroom newsroom = RunningNewsroom.on(store)) {
            Traffic traffic = newsroom.traffic(SEED);
            traffic.play(0, Pause.NONE);
            long head = store.head();

            traffic.play(0, Pause.NONE);

            assertThat(store.head()).isEqualTo(head);
        }
    }

    @Test
    void the_next_day_is_the_first_that_is_not_closed() throws Exception {
        try (EventStore store = new MemoryEventStore();
                RunningNewsroom newsroom = RunningNewsroom.on(store)) {
            Traffic traffic = newsroom.traffic(SEED);
            assertThat(traffic.nextDay()).isZero();
            assertThat(traffic.hasBegun(0)).isFalse();

            traffic.play(0, Pause.NONE);

            assertThat(traffic.hasBegun(0)).isTrue();
            assertThat(traffic.nextDay()).isEqualTo(1);
            assertThat(traffic.hasBegun(1)).isFalse();
        }
    }

    @Test
    void an_interrupt_ends_the_day_between_two_steps() throws Exception {
        try (EventStore store = new MemoryEventStore();
                RunningNewsroom newsroom = RunningNewsroom.on(store)) {
            Traffic traffic = newsroom.traffic(SEED);

            assertThatThrownBy(
                            () -> traffic.play(0, () -> Thread.currentThread().interrupt()))
                    .isInstanceOf(InterruptedException.class);

            assertThat(store.head()).isPositive();
            assertThat(traffic.nextDay()).isZero();
        }
    }

    private static List<Place> played() throws Exception {
        try (EventStore store = new MemoryEventStore();
                RunningNewsroom newsroom = RunningNewsroom.on(store)) {
            newsroom.traffic(SEED).play(0, Pause.NONE);
            return log(store);
        }
    }

    /** Plays so many steps in a newsroom that then goes down; returns whether the day was over before. */
    private static boolean playUpTo(EventStore store, int steps) throws Exception {
        int[] left = {steps};
        try (RunningNewsroom newsroom = RunningNewsroom.on(store)) {
            newsroom.traffic(SEED).play(0, () -> {
                left[0]--;
                if (left[0] == 0) {
                    throw new InterruptedException();
                }
            });
            return true;
        } catch (InterruptedException cutOff) {
            return false;
        }
    }

    private static List<Place> log(EventStore store) {
        List<Place> places = new ArrayList<>();
        try (Stream<RecordedEvent> events = store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            events.forEachOrdered(event -> places.add(new Place(event.stream(), event.version(), event.event())));
        }
        return places;
    }
}
