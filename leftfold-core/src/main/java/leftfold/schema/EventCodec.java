// SPDX-License-Identifier: Apache-2.0
package leftfold.schema;

import java.util.Set;
import leftfold.store.RecordedEvent;

/**
 * Turns a program's events into bytes and back. For callers and implementers. Safe for use by many threads.
 *
 * @param <E> the program's events
 */
public interface EventCodec<E> {
    /** Returns the names of all event types that this codec reads and writes. */
    Set<String> types();

    /** Returns {@code event} as the log keeps it. */
    EncodedEvent encode(E event);

    /**
     * Returns the event in {@code recorded}, brought up to date where its schema version is older.
     *
     * @throws SchemaException if the type is not known, the schema version is newer than this program's, or the data
     *     does not fit
     */
    E decode(RecordedEvent recorded);
}
