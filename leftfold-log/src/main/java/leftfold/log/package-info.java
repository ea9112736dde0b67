// SPDX-License-Identifier: Apache-2.0
/**
 * The embedded log engine: a durable event store in a folder, for one process.
 *
 * <p>The data path, in the order of its classes: {@code LogEventStore} takes an append and encodes its
 * {@code EventRecord}s; the {@code LogWriter} gathers what waits; the {@code Committer} puts that together as a
 * {@code Group}, which decides each append against {@code LogIndex}, and lets the {@code Tail} write and sync one
 * {@code Frame} into the active {@code Segment}. Then readers see it, and the callers get their answer.
 * {@code Recovery} rebuilds index and tail from the segments when a store is opened. Every file is reached through
 * {@code Directory}.
 */
@NullMarked
package leftfold.log;

import org.jspecify.annotations.NullMarked;
