// SPDX-License-Identifier: Apache-2.0
package leftfold.process;

import java.util.List;
import java.util.Optional;
import leftfold.decider.Decider;
import leftfold.subscription.TypedEvent;

/**
 * Events turned into commands: a decider whose commands are the events of others, and whose own events say which
 * commands are due. For implementers: pure functions. Each instance's events are the stream {@code category-instance}.
 *
 * @param <I> the events that come in
 * @param <P> the process's own events
 * @param <S> an instance's state, immutable
 * @param <C> commands
 */
public interface ProcessManager<I, P, S, C> extends Decider<TypedEvent<I>, P, S> {
    /** Returns the category of the process's streams, its name. */
    String category();

    /** Returns the version of this code, from 1: what decided stands with what was decided. */
    int processVersion();

    /** Returns which instance {@code input} concerns; empty if none. */
    Optional<String> instance(TypedEvent<I> input);

    /**
     * Returns the process's events that follow from {@code input}; empty if the instance does not care.
     *
     * @throws RuntimeException if it cannot decide; the process then stops at this input, for all instances
     */
    @Override
    List<P> decide(S state, TypedEvent<I> input);

    /** Returns the commands that are due because of {@code event}, in the order in which they are to be sent. */
    List<C> commands(P event);
}
