// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import java.util.List;

/**
 * An aggregate as three pure functions (J. Chassaing, "Functional Event Sourcing Decider", 2021). For implementers:
 * none of them may look at a clock, at randomness, or at anything outside its arguments.
 *
 * @param <C> commands
 * @param <E> events
 * @param <S> the state, immutable
 */
public interface Decider<C, E, S> {
    /** Returns the state before the first event. */
    S initialState();

    /** Returns the state after {@code event}; never refuses, for it has happened. */
    S evolve(S state, E event);

    /**
     * Returns what happens because of {@code command}; empty if nothing does.
     *
     * @throws RuntimeException of the domain's own if the command is refused
     */
    List<E> decide(S state, C command);
}
