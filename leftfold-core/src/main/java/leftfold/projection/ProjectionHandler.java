// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import leftfold.subscription.TypedEvent;

/**
 * What one type of event does to a read model. For implementers: depends on nothing but its arguments.
 *
 * @param <M> what it writes to
 * @param <E> the events that it handles
 */
@FunctionalInterface
public interface ProjectionHandler<M, E> {
    /**
     * Writes to {@code model} what {@code event} changes.
     *
     * @throws Exception if it cannot; what was written is taken back and the projection stops here
     */
    void apply(M model, TypedEvent<E> event) throws Exception;
}
