// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import leftfold.decider.Decider;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class DeterminismTest {
    /** Folds texts into one text; what it does with each is up to the test. */
    private record Text(UnaryOperator<String> change) implements Decider<String, String, String> {
        @Override
        public String initialState() {
            return "";
        }

        @Override
        public String evolve(String state, String event) {
            return state + change.apply(event);
        }

        @Override
        public List<String> decide(String state, String command) {
            return List.of(command);
        }
    }

    private static Stream<Arguments> impure() {
        AtomicInteger count = new AtomicInteger();
        return Stream.of(
                Arguments.of("clock", (UnaryOperator<String>) text -> text + System.currentTimeMillis()),
                Arguments.of("today", (UnaryOperator<String>) text -> text + LocalDate.now(ZoneId.systemDefault())),
                Arguments.of("zone", (UnaryOperator<String>) text -> text + ZoneId.systemDefault()),
                Arguments.of("letter case", (UnaryOperator<String>) text -> text.toLowerCase(Locale.getDefault())),
                Arguments.of("digits", (UnaryOperator<String>) text -> String.format(Locale.getDefault(), "%d", 7)),
                Arguments.of("randomness", (UnaryOperator<String>) text -> text + Math.random()),
                Arguments.of("thread", (UnaryOperator<String>)
                        text -> Thread.currentThread().getName()),
                Arguments.of("identity", (UnaryOperator<String>) text -> text + new Object().hashCode()),
                Arguments.of("static state", (UnaryOperator<String>) text -> text + count.incrementAndGet()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("impure")
    void a_fold_that_looks_outside_is_found(String what, UnaryOperator<String> change) {
        assertThatExceptionOfType(AssertionError.class)
                .as(what)
                .isThrownBy(() -> Determinism.check(() -> new Text(change), List.of("ITEM", "Title")))
                .withMessageContaining("after event 1: ITEM")
                .withMessageContaining("with default time zone Etc/UTC and locale en-US");
    }

    @Test
    void only_the_first_event_that_differs_is_named() {
        UnaryOperator<String> change = text -> text.equals("third") ? text + Math.random() : text;

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> Determinism.check(() -> new Text(change), List.of("first", "second", "third", "x")))
                .withMessageContaining("after event 3: third");
    }

    @Test
    void a_state_without_equals_is_found_before_the_first_event() {
        Decider<String, String, Object> decider = new Decider<>() {
            @Override
            public Object initialState() {
                return new Object();
            }

            @Override
            public Object evolve(Object state, String event) {
                return state;
            }

            @Override
            public List<String> decide(Object state, String command) {
                return List.of();
            }
        };

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> Determinism.check(() -> decider, List.of()))
                .withMessageContaining("before the first event");
    }

    @Test
    void a_decider_that_changes_with_use_is_found_though_it_is_reused() {
        int[] uses = {0};
        Text counting = new Text(text -> text + uses[0]++);

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> Determinism.check(() -> counting, List.of("a", "b")));
    }

    @Test
    void a_pure_fold_passes() {
        Text pure = new Text(text -> text.toLowerCase(Locale.ROOT));
        assertThatCode(() -> Determinism.check(() -> pure, List.of("ITEM", "Title")))
                .doesNotThrowAnyException();
        assertThatCode(() -> Determinism.check(
                        SeatDecider::new,
                        List.of(new SeatDecider.Event.Reserved("1A", "ann"), new SeatDecider.Event.Cancelled("1A"))))
                .doesNotThrowAnyException();
    }

    @Test
    void the_defaults_are_restored_even_if_the_fold_fails() {
        TimeZone zone = TimeZone.getDefault();
        Locale locale = Locale.getDefault();
        Locale format = Locale.getDefault(Locale.Category.FORMAT);
        Locale.setDefault(Locale.Category.FORMAT, Locale.JAPAN);
        try {
            Text failing = new Text(text -> {
                throw new IllegalStateException("no such " + text);
            });
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> Determinism.check(() -> failing, List.of("seat")))
                    .withMessageContaining("no such seat");

            assertThat(TimeZone.getDefault()).isEqualTo(zone);
            assertThat(Locale.getDefault()).isEqualTo(locale);
            assertThat(Locale.getDefault(Locale.Category.FORMAT)).isEqualTo(Locale.JAPAN);
        } finally {
            Locale.setDefault(Locale.Category.FORMAT, format);
        }
    }
}
