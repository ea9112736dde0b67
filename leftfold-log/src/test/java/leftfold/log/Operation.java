// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.List;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.Direction;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;

/** What a client asked of a store, and what it was told. Times are those of any clock that all clients share. */
sealed interface Operation {
    /** When it was asked, and when it was answered. */
    record Span(long invoked, long returned) {
        /** What was never answered. */
        static Span unanswered(long invoked) {
            return new Span(invoked, Long.MAX_VALUE);
        }
    }

    /** Something that writes. */
    sealed interface Write extends Operation {
        Span span();

        Append append();
    }

    /** An append that was acknowledged. */
    record Appended(Span span, Append append, AppendResult result) implements Write {}

    /** An append that was refused: nothing may have been written. */
    record Refused(Span span, Append append, RuntimeException reason) implements Write {}

    /** An append that was not answered, or with "unknown": it is in the log as a whole, or not at all. */
    record Unknown(Span span, Append append) implements Write {}

    /** A read of the log, from {@code from} in a direction; backwards, from the end. */
    record Read(Span span, Query query, long from, Direction direction, List<RecordedEvent> events)
            implements Operation {}

    /** All that a subscriber has seen after the position {@code after}, over one or many subscriptions. */
    record Followed(Query query, long after, List<RecordedEvent> events) implements Operation {}
}
