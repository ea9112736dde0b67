// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static leftfold.testkit.SampleEvents.ORDER_1;
import static leftfold.testkit.SampleEvents.ORDER_2;
import static leftfold.testkit.SampleEvents.events;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.Test;

/** The part of the contract about when events were recorded. */
interface TimeContract extends StoreContract {
    @Test
    default void an_event_is_recorded_at_the_clocks_time() {
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        clock().set(noon);
        append(ORDER_1, events(2));
        clock().turn(Duration.ofHours(1));
        append(ORDER_1, events(1));

        assertThat(log())
                .extracting(RecordedEvent::recordedAt)
                .containsExactly(noon, noon, noon.plus(Duration.ofHours(1)));
    }

    @Test
    default void the_time_is_kept_in_whole_microseconds() {
        clock().set(Instant.parse("2026-03-01T12:00:00.123456999Z"));
        append(ORDER_1, events(1));
        clock().set(Instant.parse("2026-03-01T12:00:00.999999999Z"));
        append(ORDER_1, events(1));

        assertThat(log())
                .extracting(RecordedEvent::recordedAt)
                .containsExactly(
                        Instant.parse("2026-03-01T12:00:00.123456Z"), Instant.parse("2026-03-01T12:00:00.999999Z"));
    }

    @Test
    default void a_clock_that_jumps_back_does_not_take_the_log_along() {
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        clock().set(noon);
        append(ORDER_1, events(1));
        clock().turn(Duration.ofDays(-2));
        append(ORDER_1, events(1));
        append(ORDER_2, events(1));
        clock().turn(Duration.ofDays(3));
        append(ORDER_1, events(1));

        assertThat(log())
                .extracting(RecordedEvent::recordedAt)
                .containsExactly(noon, noon, noon, noon.plus(Duration.ofDays(1)));
    }

    @Test
    default void events_of_one_append_are_recorded_together() {
        Instant time = clock().instant();
        store().append(List.of(new StreamWrite(ORDER_1, events(3)), new StreamWrite(ORDER_2, events(3))), List.of());

        assertThat(log()).hasSize(6).extracting(RecordedEvent::recordedAt).containsOnly(time);
    }

    @Test
    default void the_position_at_an_instant_is_that_of_the_last_event_recorded_by_then() {
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        clock().set(noon);
        long first = append(ORDER_1, events(3)).position();
        clock().turn(Duration.ofMinutes(10));
        long second = append(ORDER_2, events(1)).position();
        long third = append(ORDER_1, events(2)).position();
        clock().turn(Duration.ofNanos(1_000));
        long fourth = append(ORDER_1, events(1)).position();

        assertThat(first).isPositive();
        assertThat(third).isGreaterThan(second);
        assertThat(store().positionAt(noon.minusNanos(1))).isZero();
        assertThat(store().positionAt(noon)).isEqualTo(first);
        assertThat(store().positionAt(noon.plusSeconds(300))).isEqualTo(first);
        assertThat(store().positionAt(noon.plusSeconds(600).minusNanos(1))).isEqualTo(first);
        assertThat(store().positionAt(noon.plusSeconds(600))).isEqualTo(third);
        assertThat(store().positionAt(noon.plusSeconds(600).plusNanos(999))).isEqualTo(third);
        assertThat(store().positionAt(noon.plusSeconds(600).plusNanos(1_000))).isEqualTo(fourth);
        assertThat(store().positionAt(noon.plusSeconds(999_999))).isEqualTo(fourth);
    }

    @Test
    default void the_position_at_any_instant_before_the_first_event_is_0() {
        assertThat(store().positionAt(clock().instant())).isZero();
        append(ORDER_1, events(1));

        assertThat(store().positionAt(Instant.EPOCH)).isZero();
        assertThat(store().positionAt(Instant.MIN)).isZero();
        assertThat(store().positionAt(Instant.MAX)).isEqualTo(store().head());
        assertThat(log()).hasSize(1);
    }

    @Test
    default void the_position_at_an_instant_is_right_though_the_clock_jumped_back() {
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        clock().set(noon);
        append(ORDER_1, events(1));
        clock().turn(Duration.ofDays(-1));
        long last = append(ORDER_1, events(1)).position();

        assertThat(store().positionAt(noon.minus(Duration.ofDays(1)))).isZero();
        assertThat(store().positionAt(noon)).isEqualTo(last);
        assertThat(log()).hasSize(2);
    }

    @Test
    default void a_position_for_every_one_of_many_instants() {
        Instant start = clock().instant();
        long[] positions = new long[200];
        for (int i = 0; i < positions.length; i++) {
            clock().turn(Duration.ofSeconds(1));
            positions[i] = append(ORDER_1, events(1 + i % 2)).position();
        }

        for (int i = 0; i < positions.length; i++) {
            assertThat(store().positionAt(start.plusSeconds(i + 1L))).isEqualTo(positions[i]);
        }
        assertThat(log()).hasSize(300);
    }

    @Test
    default void times_before_1970_are_kept() {
        Instant moon = Instant.parse("1969-07-20T20:17:40.000001Z");
        clock().set(moon);
        long position = append(ORDER_1, events(1)).position();

        assertThat(log()).extracting(RecordedEvent::recordedAt).containsExactly(moon);
        assertThat(store().positionAt(moon)).isEqualTo(position);
        assertThat(store().positionAt(moon.minusNanos(1))).isZero();
    }
}
