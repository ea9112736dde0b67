// SPDX-License-Identifier: Apache-2.0
/**
 * The contract of an event store: one totally ordered, append-only log of events.
 *
 * <p>{@link leftfold.store.EventStore} is the door. Everything else here is a value that goes in or comes out of it, or
 * a helper for those who implement a store ({@link leftfold.store.AppendRules}, {@link leftfold.store.RestoreRules},
 * {@link leftfold.store.HeadSignal}, {@link leftfold.store.WriterAnswer}).
 */
@NullMarked
package leftfold.store;

import org.jspecify.annotations.NullMarked;
