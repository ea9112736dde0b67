// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StoreException;
import leftfold.store.StreamId;

/**
 * Appends to a stream of its own, whose version it expects, and checks each answer while connections break. After an
 * unknown outcome it asks, and so knows at any time what its stream holds.
 */
final class AcknowledgedWriter implements Callable<AcknowledgedWriter> {
    private static final int EVENTS_MAX = 3;

    private final PostgresEventStore store;
    private final StreamId stream;
    private final BooleanSupplier goesOn;
    private final List<UUID> there = new ArrayList<>();
    private final List<UUID> notThere = new ArrayList<>();
    private int unknown;

    AcknowledgedWriter(PostgresEventStore store, int number, BooleanSupplier goesOn) {
        this.store = store;
        this.stream = StreamId.of("writer", String.valueOf(number));
        this.goesOn = goesOn;
    }

    StreamId stream() {
        return stream;
    }

    /** Returns the ids of the stream's events, in order. */
    List<UUID> there() {
        return there;
    }

    /** Returns the ids of the events that were refused as unavailable, or were not there when asked for. */
    List<UUID> notThere() {
        return notThere;
    }

    /** Returns how many appends had an outcome that was not known at first. */
    int unknown() {
        return unknown;
    }

    @Override
    public AcknowledgedWriter call() {
        for (int i = 0; goesOn.getAsBoolean(); i++) {
            List<Event> events = new ArrayList<>();
            for (int count = 0; count <= i % EVENTS_MAX; count++) {
                events.add(Event.of("Noted", Data.json("{}")));
            }
            (append(events) ? there : notThere)
                    .addAll(events.stream().map(Event::id).toList());
        }
        return this;
    }

    private boolean append(List<Event> events) {
        try {
            AppendResult result = store.append(stream, there.size(), events);
            assertThat(result.version()).isEqualTo(there.size() + events.size());
            return true;
        } catch (StoreException.Unavailable e) {
            return false;
        } catch (StoreException.OutcomeUnknown e) {
            unknown++;
            return isThere(events.getFirst());
        }
    }

    private boolean isThere(Event event) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                return store.find(stream, event.id()).isPresent();
            } catch (StoreException.Unavailable stillAway) {
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("never learned what became of " + event.id());
    }
}
