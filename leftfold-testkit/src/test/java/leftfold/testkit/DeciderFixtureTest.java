// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leftfold.testkit.SeatDecider.Command.Cancel;
import leftfold.testkit.SeatDecider.Command.Reserve;
import leftfold.testkit.SeatDecider.Event.Cancelled;
import leftfold.testkit.SeatDecider.Event.Reserved;
import leftfold.testkit.SeatDecider.State;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class DeciderFixtureTest {
    private final DeciderFixture<SeatDecider.Command, SeatDecider.Event, State> seats =
            DeciderFixture.of(new SeatDecider());

    @Test
    void a_right_expectation_passes() {
        seats.when(new Reserve("1A", "ann")).then(new Reserved("1A", "ann")).thenState(taken("1A", "ann"));
        seats.given(new Reserved("1A", "ann"))
                .given(List.of(new Reserved("1B", "bob"), new Cancelled("1A")))
                .thenState(taken("1B", "bob"))
                .when(new Reserve("1B", "eve"))
                .thenRefused(IllegalStateException.class)
                .thenRefused(RuntimeException.class, "1B is taken");
        seats.when(new Cancel("1A")).thenNothing().thenState(new State(Map.of()));
        assertThat(seats.given(new Reserved("1A", "ann"))).isNotSameAs(seats);
    }

    @Test
    void other_events_fail_with_both_lists_one_event_a_line() {
        assertFails(
                () -> seats.when(new Reserve("1A", "ann")).then(new Reserved("1B", "ann"), new Cancelled("1A")), """
                Reserve[seat=1A, passenger=ann] leads to other events
                expected:
                  Reserved[seat=1B, passenger=ann]
                  Cancelled[seat=1A]
                actual:
                  Reserved[seat=1A, passenger=ann]""");
    }

    @Test
    void an_event_instead_of_nothing_fails() {
        assertFails(() -> seats.when(new Reserve("1A", "ann")).thenNothing(), """
                Reserve[seat=1A, passenger=ann] leads to other events
                expected:
                  (no events)
                actual:
                  Reserved[seat=1A, passenger=ann]""");
    }

    @Test
    void an_unexpected_refusal_fails_whatever_was_expected() {
        var refused = seats.given(new Reserved("1A", "ann")).when(new Reserve("1A", "bob"));
        String actual = "actual:\n  refused with java.lang.IllegalStateException: seat 1A is taken";

        for (ThrowingCallable check : List.<ThrowingCallable>of(
                () -> refused.then(new Reserved("1A", "bob")),
                refused::thenNothing,
                () -> refused.thenState(taken("1A", "bob")))) {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(check)
                    .withMessageEndingWith(actual)
                    .withCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void a_missing_refusal_fails() {
        assertFails(() -> seats.when(new Reserve("1A", "ann")).thenRefused(IllegalStateException.class, "taken"), """
                Reserve[seat=1A, passenger=ann] is not refused
                expected:
                  refused with java.lang.IllegalStateException: …taken…
                actual:
                  Reserved[seat=1A, passenger=ann]""");
    }

    @Test
    void a_refusal_of_another_type_or_message_fails() {
        var refused = seats.given(new Reserved("1A", "ann")).when(new Reserve("1A", "bob"));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> refused.thenRefused(IllegalArgumentException.class))
                .withMessageContaining("another reason");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> refused.thenRefused(IllegalStateException.class, "1B"))
                .withMessageContaining("another reason");
    }

    @Test
    void another_state_fails() {
        assertFails(() -> seats.given(new Reserved("1A", "ann")).thenState(taken("1A", "bob")), """
                the events lead to another state
                expected:
                  State[passengers={1A=bob}]
                actual:
                  State[passengers={1A=ann}]""");
        assertFails(() -> seats.when(new Reserve("1A", "ann")).thenState(new State(Map.of())), """
                Reserve[seat=1A, passenger=ann] leads to another state
                expected:
                  State[passengers={}]
                actual:
                  State[passengers={1A=ann}]""");
    }

    private static State taken(String seat, String passenger) {
        return new State(new TreeMap<>(Map.of(seat, passenger)));
    }

    private static void assertFails(ThrowingCallable check, String message) {
        assertThatExceptionOfType(AssertionError.class).isThrownBy(check).withMessage(message);
    }
}
