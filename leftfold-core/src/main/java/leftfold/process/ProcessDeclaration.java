// SPDX-License-Identifier: Apache-2.0
package leftfold.process;

import leftfold.schema.EventCodec;
import leftfold.store.Query;

/**
 * A process manager and how it reads and writes. Immutable.
 *
 * @param <I> the events that come in
 * @param <P> the process's own events
 * @param <S> an instance's state
 * @param <C> commands
 * @param manager the pure functions
 * @param query which events come in; of types that {@code inputs} does not know, none do
 * @param inputs reads the events that come in
 * @param events reads and writes the process's own events
 */
public record ProcessDeclaration<I, P, S, C>(
        ProcessManager<I, P, S, C> manager, Query query, EventCodec<I> inputs, EventCodec<P> events) {}
