// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import leftfold.decider.Decider;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * A decider's test in its own words: given these events, when this command, then those events. For users. Immutable.
 *
 * <pre>{@code
 * DeciderFixture.of(new SeatDecider())
 *         .given(new SeatReserved("12A"))
 *         .when(new CancelSeat("12A"))
 *         .then(new SeatCancelled("12A"));
 * }</pre>
 *
 * @param <C> commands
 * @param <E> events
 * @param <S> the state
 */
public final class DeciderFixture<C, E, S> {
    private final Decider<C, E, S> decider;
    private final S state;

    private DeciderFixture(Decider<C, E, S> decider, S state) {
        this.decider = decider;
        this.state = state;
    }

    /** Returns a fixture for {@code decider} before its first event. */
    public static <C, E, S> DeciderFixture<C, E, S> of(Decider<C, E, S> decider) {
        return new DeciderFixture<>(decider, decider.initialState());
    }

    /** Returns the fixture after these events have happened too. */
    @SafeVarargs
    public final DeciderFixture<C, E, S> given(E... events) {
        List<E> list = new ArrayList<>();
        for (E event : events) {
            list.add(event);
        }
        return given(list);
    }

    /** Returns the fixture after these events have happened too. */
    public DeciderFixture<C, E, S> given(List<? extends E> events) {
        return new DeciderFixture<>(decider, fold(state, events));
    }

    /** Returns what the decider makes of {@code command}; a refusal is kept for {@link Decision#thenRefused}. */
    public Decision when(C command) {
        try {
            return new Decision(command, List.copyOf(decider.decide(state, command)), null);
        } catch (RuntimeException refusal) {
            return new Decision(command, List.of(), refusal);
        }
    }

    /**
     * Checks the state after the given events.
     *
     * @throws AssertionError if it is not {@code expected}
     */
    public DeciderFixture<C, E, S> thenState(S expected) {
        if (!expected.equals(state)) {
            throw failure("the events lead to another state", shown(expected), shown(state), null);
        }
        return this;
    }

    private S fold(S start, List<? extends E> events) {
        S folded = start;
        for (E event : events) {
            folded = decider.evolve(folded, event);
        }
        return folded;
    }

    private static AssertionError failure(String what, String expected, String actual, @Nullable Throwable cause) {
        String message = what + "\nexpected:\n" + expected + "\nactual:\n" + actual;
        return cause == null
                ? new AssertionFailedError(message, expected, actual)
                : new AssertionFailedError(message, expected, actual, cause);
    }

    private static String shown(Object value) {
        return "  " + value;
    }

    private static String shown(List<?> events) {
        return events.isEmpty()
                ? "  (no events)"
                : events.stream().map(DeciderFixture::shown).collect(Collectors.joining("\n"));
    }

    /** What the decider made of one command. Every check throws {@link AssertionError} if it fails. Immutable. */
    public final class Decision {
        private final C command;
        private final List<E> events;
        private final @Nullable RuntimeException refusal;

        private Decision(C command, List<E> events, @Nullable RuntimeException refusal) {
            this.command = command;
            this.events = events;
            this.refusal = refusal;
        }

        /** Checks that exactly these events happen, in this order. */
        @SafeVarargs
        public final Decision then(E... expected) {
            List<E> list = new ArrayList<>();
            for (E event : expected) {
                list.add(event);
            }
            return then(list);
        }

        /** Checks that exactly these events happen, in this order. */
        public Decision then(List<? extends E> expected) {
            checkAccepted(shown(expected));
            if (!events.equals(expected)) {
                throw failure(command + " leads to other events", shown(expected), shown(events), null);
            }
            return this;
        }

        /** Checks that nothing happens and nothing is refused. */
        public Decision thenNothing() {
            return then(List.of());
        }

        /** Checks that the command is refused with an exception of this type. */
        public Decision thenRefused(Class<? extends Throwable> type) {
            return thenRefused(type, "");
        }

        /** Checks that the command is refused with an exception of this type whose message has {@code part} in it. */
        public Decision thenRefused(Class<? extends Throwable> type, String part) {
            String expected = "  refused with " + type.getName() + (part.isEmpty() ? "" : ": …" + part + "…");
            if (refusal == null) {
                throw failure(command + " is not refused", expected, shown(events), null);
            }
            if (!type.isInstance(refusal)
                    || !String.valueOf(refusal.getMessage()).contains(part)) {
                throw failure(command + " is refused for another reason", expected, shown(refusal), refusal);
            }
            return this;
        }

        /** Checks the state after the command's events. */
        public Decision thenState(S expected) {
            checkAccepted(shown(expected));
            S after = fold(state, events);
            if (!expected.equals(after)) {
                throw failure(command + " leads to another state", shown(expected), shown(after), null);
            }
            return this;
        }

        private void checkAccepted(String expected) {
            if (refusal != null) {
                throw failure(command + " is refused", expected, "  refused with " + refusal, refusal);
            }
        }
    }
}
