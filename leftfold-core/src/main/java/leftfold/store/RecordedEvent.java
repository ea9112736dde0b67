// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * An event with its place in the log. Immutable.
 *
 * @param position its place in the log, from 1
 * @param stream the stream it belongs to
 * @param version its place in the stream, from 1
 * @param recordedAt when the store took it, in whole microseconds; never goes backwards within a log
 * @param event the fact itself
 */
public record RecordedEvent(long position, StreamId stream, long version, Instant recordedAt, Event event) {
    /** Returns the event's id, unique within its stream. */
    public UUID id() {
        return event.id();
    }

    /** Returns the event's type. */
    public String type() {
        return event.type();
    }

    /** Returns the version of the type's schema that the data was written with. */
    public int schemaVersion() {
        return event.schemaVersion();
    }

    /** Returns the event's data. */
    public Data data() {
        return event.data();
    }

    /** Returns the event's metadata. */
    public Metadata metadata() {
        return event.metadata();
    }

    /** Returns the event's tags. */
    public Set<Tag> tags() {
        return event.tags();
    }
}
