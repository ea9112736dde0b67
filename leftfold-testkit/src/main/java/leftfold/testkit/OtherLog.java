// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static leftfold.testkit.SampleEvents.ORDER_1;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import leftfold.memory.MemoryEventStore;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamWrite;

/** What another log has recorded, to be restored into the store under test. */
final class OtherLog {
    static final Instant START = Instant.parse("2019-12-31T23:59:59.999999Z");

    private OtherLog() {}

    /** Returns the log after some random appends to a few streams, sometimes several at one time. */
    static List<RecordedEvent> random(long seed, int appends) {
        Random random = new Random(seed);
        HandTurnedClock clock = new HandTurnedClock(START);
        try (EventStore log = new MemoryEventStore(clock)) {
            for (int i = 0; i < appends; i++) {
                clock.turn(Duration.ofNanos(1_000L * random.nextInt(3)));
                log.append(
                        List.of(new StreamWrite(
                                RandomEvents.stream(random), RandomEvents.events(random, 1 + random.nextInt(5)))),
                        List.of());
            }
            return all(log);
        }
    }

    /** Returns a log of one stream, {@link SampleEvents#ORDER_1}, one event each second. */
    static List<RecordedEvent> of(List<Event> events) {
        List<RecordedEvent> log = new ArrayList<>();
        for (Event event : events) {
            long place = log.size() + 1L;
            log.add(new RecordedEvent(place, ORDER_1, place, START.plusSeconds(place), event));
        }
        return log;
    }

    private static List<RecordedEvent> all(EventStore log) {
        try (Stream<RecordedEvent> events = log.read(Query.all(), 0, Direction.FORWARDS, Long.MAX_VALUE)) {
            return events.toList();
        }
    }
}
