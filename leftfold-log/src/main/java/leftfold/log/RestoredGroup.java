// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import leftfold.store.AppendRules;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.RestoreRules;
import leftfold.store.StoreException;
import leftfold.store.StreamId;

/**
 * A group commit of events that another log recorded: one frame, and so all of them or none. Confined to the writer
 * thread.
 */
final class RestoredGroup implements AppendRules.View {
    private final LogIndex index;
    private final FrameBuffer buffer;
    private final Group.Room room;
    private final List<RecordedEvent> events;
    private final Places places;

    /** Begins a group of {@code events}, which fit together. */
    RestoredGroup(LogIndex index, FrameBuffer buffer, Group.Room room, List<RecordedEvent> events) {
        this.index = index;
        this.buffer = buffer;
        this.room = room;
        this.events = events;
        this.places = new Places(index);
    }

    /**
     * Adds the events to buffer and index, where no reader sees them yet. If that fails with an {@link IOException}
     * that is no {@link Committer.NoRoomException}, nothing more may be written.
     *
     * @param recordedAt when the log's last event was recorded; {@link Instant#MIN} if there is none
     * @throws StoreException.DoesNotFit if they do not go on where the log ends; the log is as before
     */
    void add(Instant recordedAt) throws IOException {
        check(recordedAt);
        buffer.start();
        int start = buffer.length();
        encode();
        int frame = room.offset(buffer.length());
        if (frame < 0) {
            room.roll(buffer.length(), firstPosition());
            frame = room.offset(buffer.length());
        }
        MemoryIndex active = index.active();
        int at = start;
        for (RecordedEvent event : events) {
            at = active.add(places.of(event.stream()).stream(), buffer.bytes(), at, 1, frame);
        }
    }

    long firstPosition() {
        return events.getFirst().position();
    }

    int events() {
        return events.size();
    }

    long recordedMicros() {
        return Committer.micros(events.getLast().recordedAt());
    }

    private void check(Instant recordedAt) {
        while (true) {
            try {
                RestoreRules.check(events, index.head(), recordedAt, this);
                return;
            } catch (IndexFile.DamagedException e) {
                index.repair(e);
                places.forget();
            } finally {
                index.checkWhole(); // whatever was decided: events that are lost were not seen
            }
        }
    }

    private void encode() {
        long last = events.getLast().position();
        Map<StreamId, Long> previous = HashMap.newHashMap(events.size());
        for (RecordedEvent event : events) {
            Key stream = places.of(event.stream()).stream();
            Long before = previous.put(event.stream(), event.position());
            EventRecord.Place place = new EventRecord.Place(
                    event.position(),
                    event.version(),
                    before == null ? places.head(event.stream()).position() : before,
                    Committer.micros(event.recordedAt()));
            int start = buffer.length();
            int flags = event.position() == last ? EventRecord.LAST_OF_APPEND : 0;
            EventRecord.encode(buffer, stream.name(), event.event(), flags);
            EventRecord.complete(buffer.bytes(), start, place);
        }
    }

    @Override
    public long streamVersion(StreamId stream) {
        return places.head(stream).version();
    }

    @Override
    public long versionOf(StreamId stream, UUID id) {
        return index.versionOf(places.of(stream), id);
    }

    @Override
    public long positionOf(StreamId stream, long version) {
        throw new AssertionError("restored events are decided by versions alone");
    }

    @Override
    public long firstMatch(Query query, long position) {
        throw new AssertionError("restored events are decided by versions alone");
    }
}
