// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.util.List;
import java.util.stream.Stream;
import leftfold.store.AppendResult;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;

/** What every part of the contract works with: an open store on a new log, and its clock. */
interface StoreContract {
    /** Returns the store under test, open. */
    EventStore store();

    /** Returns the clock that the store takes the time from. */
    HandTurnedClock clock();

    /** Appends without conditions. */
    default AppendResult append(StreamId stream, Event... events) {
        return append(stream, List.of(events));
    }

    /** Appends without conditions. */
    default AppendResult append(StreamId stream, List<Event> events) {
        return store().append(List.of(new StreamWrite(stream, events)), List.of());
    }

    /** Returns the whole log, oldest first. */
    default List<RecordedEvent> log() {
        return read(Query.all());
    }

    /** Returns all events that match, oldest first. */
    default List<RecordedEvent> read(Query query) {
        return read(query, 0, Direction.FORWARDS, Long.MAX_VALUE);
    }

    /** Returns what {@link EventStore#read} gives, read to its end. */
    default List<RecordedEvent> read(Query query, long from, Direction direction, long limit) {
        try (Stream<RecordedEvent> events = store().read(query, from, direction, limit)) {
            return events.toList();
        }
    }

    /** Returns all events of a stream, oldest first. */
    default List<RecordedEvent> readStream(StreamId stream) {
        try (Stream<RecordedEvent> events = store().readStream(stream)) {
            return events.toList();
        }
    }
}
