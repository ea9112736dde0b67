// SPDX-License-Identifier: Apache-2.0
/**
 * The embedded log engine: a durable event store in a folder, for one process.
 *
 * <p>The data path, in the order of its classes: {@code LogEventStore} takes an append and hands it to the one
 * {@code LogWriter} thread; that gathers what waits into a {@code Group}, decides each append against {@code LogIndex},
 * encodes {@code EventRecord}s into one {@code Frame}, and lets the {@code Tail} write and sync it into the active
 * {@code Segment}. Then the index learns of it, readers see it, and the callers get their answer. {@code Recovery}
 * rebuilds index and tail from the segments when a store is opened. Every file is reached through {@code Directory}.
 */
@NullMarked
package leftfold.log;

import org.jspecify.annotations.NullMarked;
