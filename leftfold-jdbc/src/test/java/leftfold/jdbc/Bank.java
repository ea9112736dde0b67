// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import leftfold.jdbc.Movement.Closed;
import leftfold.jdbc.Movement.Deposited;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.StreamId;

/** Makes traffic: the same seed gives the same movements. */
final class Bank {
    static final StreamId STREAM = StreamId.of("bank-1");

    private final Random random;

    Bank(long seed) {
        random = new Random(seed);
    }

    /** Appends this many events, some of which no projection wants, and returns the position of the last. */
    long append(EventStore store, int count) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(event());
        }
        return store.append(STREAM, store.streamVersion(STREAM), events).position();
    }

    /** Appends one movement and returns its position. */
    static long append(EventStore store, Movement movement) {
        return store.append(STREAM, store.streamVersion(STREAM), List.of(movement.event()))
                .position();
    }

    private Event event() {
        String account = "a" + random.nextInt(7);
        return switch (random.nextInt(10)) {
            case 0 -> new Closed(account).event();
            case 1 -> Event.of("Audited", Data.json("{}"));
            default -> new Deposited(account, random.nextInt(1, 100)).event();
        };
    }
}
