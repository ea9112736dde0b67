// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes to any number of streams, accepted or refused as one. Immutable.
 *
 * @param writes at least one, each to another stream; the log keeps their order
 * @param conditions all must hold; none means that the append is accepted whatever the log holds
 */
public record Append(List<StreamWrite> writes, List<AppendCondition> conditions) {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if there is no write, a stream stands there twice, or the append is larger than
     *     {@link Limits#APPEND_EVENTS_MAX} or {@link Limits#APPEND_BYTES_MAX}
     */
    public Append {
        writes = List.copyOf(writes);
        conditions = List.copyOf(conditions);
        if (writes.isEmpty()) {
            throw new IllegalArgumentException("an append without events");
        }
        if (writes.size() > 1) {
            checkStreams(writes);
        }
        int events = 0;
        long bytes = 0;
        for (StreamWrite write : writes) {
            events += write.events().size();
            for (Event event : write.events()) {
                bytes += event.size();
            }
        }
        if (events > Limits.APPEND_EVENTS_MAX) {
            throw new IllegalArgumentException(
                    events + " events in one append; the limit is " + Limits.APPEND_EVENTS_MAX);
        }
        if (bytes > Limits.APPEND_BYTES_MAX) {
            throw new IllegalArgumentException(
                    bytes + " bytes of data, metadata and tags in one append; the limit is " + Limits.APPEND_BYTES_MAX);
        }
    }

    private static void checkStreams(List<StreamWrite> writes) {
        Set<StreamId> streams = HashSet.newHashSet(writes.size());
        for (StreamWrite write : writes) {
            if (!streams.add(write.stream())) {
                throw new IllegalArgumentException(
                        "two writes to stream " + Text.shown(write.stream().value()));
            }
        }
    }

    /** Returns the number of events over all writes. */
    public int size() {
        int events = 0;
        for (StreamWrite write : writes) {
            events += write.events().size();
        }
        return events;
    }
}
