// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.Tag;

/** Events and streams for contract tests. */
final class SampleEvents {
    static final StreamId ORDER_1 = StreamId.of("order-1");
    static final StreamId ORDER_2 = StreamId.of("order-2");
    static final StreamId INVOICE_1 = StreamId.of("invoice-1");
    static final StreamId ABSENT = StreamId.of("order-absent");

    private SampleEvents() {}

    /** Returns a new event. */
    static Event event(String type, Tag... tags) {
        return Event.of(type, Data.json("{\"fact\":\"" + type + "\"}")).withTags(Set.of(tags));
    }

    /** Returns new events whose data counts from 1. */
    static List<Event> events(int count) {
        List<Event> events = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            events.add(Event.of("Counted", Data.json("{\"count\":" + i + "}")));
        }
        return events;
    }

    /** Returns the events without their places. */
    static List<Event> facts(List<RecordedEvent> recorded) {
        return recorded.stream().map(RecordedEvent::event).toList();
    }
}
