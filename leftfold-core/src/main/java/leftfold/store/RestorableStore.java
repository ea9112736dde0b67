// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.util.List;

/**
 * A store that also takes events as another log recorded them, with their positions, versions and times: how a log is
 * moved. For callers; {@code RestoreContract} in the testkit says exactly what every implementation does. Safe for use
 * by many threads.
 *
 * <p>The log keeps its own {@link #id()}: checkpoints of the log that the events come from are not checkpoints of this
 * one. A store that wraps another one to add to what an append does is not restorable, for what it adds would be
 * missed: restore into the store itself, and wrap it then.
 */
public interface RestorableStore extends EventStore {
    /**
     * Adds events that another log recorded, all or none, and returns once they survive a crash. They are then like
     * events that were appended here: readers and subscriptions see them, together; conditions hold or do not because
     * of them; an append of the same ids is a repeat; the next append goes on behind them, at no earlier time.
     *
     * <p>How the other log was appended to is not known here. So who must not show a part of one of its appends does
     * not end {@code events} inside one; events of one append have one {@code recordedAt}.
     *
     * @param events in log order: the first at the position after {@link #head()}, each further one at the next; each
     *     at the next version of its stream, with an id that is new to the stream, and recorded no earlier than the
     *     event before it. At least one; at most {@link Limits#APPEND_EVENTS_MAX} and {@link Limits#APPEND_BYTES_MAX}.
     * @throws IllegalArgumentException if the events do not fit together, are too many, or are recorded at a time that
     *     is not in whole microseconds; nothing was written
     * @throws StoreException.DoesNotFit if they do not go on where the log ends; nothing was written
     * @throws StoreException.OutcomeUnknown if the store failed while making them durable; {@link #head()} of the
     *     store, opened again, tells
     * @throws StoreException.Unavailable if the store cannot take events now; nothing was written
     */
    void restore(List<RecordedEvent> events);
}
