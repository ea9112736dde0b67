// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Events for one stream, in order. Immutable.
 *
 * @param events at least one, with different ids
 */
public record StreamWrite(StreamId stream, List<Event> events) {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if {@code events} is empty or an id stands there twice
     */
    public StreamWrite {
        events = List.copyOf(events);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("no events for stream " + Text.shown(stream.value()));
        }
        if (events.size() > 1) {
            checkIds(stream, events);
        }
    }

    private static void checkIds(StreamId stream, List<Event> events) {
        Set<UUID> ids = HashSet.newHashSet(events.size());
        for (Event event : events) {
            if (!ids.add(event.id())) {
                throw new IllegalArgumentException(
                        "event id " + event.id() + " stands twice in one write to " + Text.shown(stream.value()));
            }
        }
    }
}
