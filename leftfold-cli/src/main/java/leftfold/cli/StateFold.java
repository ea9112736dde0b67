// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.function.BiFunction;
import leftfold.decider.Decider;
import leftfold.schema.EventCodec;
import leftfold.store.RecordedEvent;

/**
 * How the command line folds a stream's events, oldest first, into a state that Jackson can write. Immutable.
 *
 * @param <S> the state; a step returns a new one and leaves the one before as it was
 * @param initial the state before the first event
 * @param step what an event makes of the state before it
 */
public record StateFold<S>(S initial, BiFunction<S, RecordedEvent, S> step) {
    /** Returns the fold of {@code decider}, over events that {@code codec} reads. */
    public static <E, S> StateFold<S> of(Decider<?, E, S> decider, EventCodec<E> codec) {
        return new StateFold<>(
                decider.initialState(), (state, recorded) -> decider.evolve(state, codec.decode(recorded)));
    }
}
