// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;

/**
 * What lies in a log after a position and is still to be finished. Safe for use by many threads.
 *
 * @param store the log
 * @param query what is wanted of it
 */
public record Backlog(EventStore store, Query query) {
    /** Returns the first event after {@code position}, if there is one. */
    public Optional<RecordedEvent> first(long position) {
        try (Stream<RecordedEvent> events = store.read(query, position + 1, Direction.FORWARDS, 1)) {
            return events.findFirst();
        }
    }

    /**
     * Returns how long the first event after {@code position} has been waiting, by {@code clock}: how old an answer
     * is that was made of the events up to there. Zero if nothing waits.
     */
    public Duration age(long position, InstantSource clock) {
        if (position >= store.head()) {
            return Duration.ZERO;
        }
        Instant now = clock.instant();
        return first(position)
                .map(event -> Duration.between(event.recordedAt(), now))
                .filter(age -> !age.isNegative())
                .orElse(Duration.ZERO);
    }
}
