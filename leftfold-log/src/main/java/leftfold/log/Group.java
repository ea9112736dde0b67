// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.AppendRules;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.StreamWrite;
import org.jspecify.annotations.Nullable;

/**
 * A group commit in the making: appends that become durable by one sync. Each is decided as if those before it were
 * already in the log, for they stand in the index, though no reader sees them; none is answered before the sync.
 * Confined to the writer thread.
 */
final class Group implements AppendRules.View {
    private static final int FRAME_BYTES_ENOUGH = 1 << 20;
    private static final int APPENDS_MAX = 4_096;

    private final LogIndex index;
    private final LogReader reader;
    private final FrameBuffer buffer;
    private final Room room;
    private final long recordedMicros;
    private final long firstPosition;
    private final List<Accepted> accepted = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();
    private long nextPosition;
    private Map<StreamId, LogIndex.StreamPlaces> places = new HashMap<>(); // of one append

    /** Where the group's frame will go. */
    interface Room {
        /**
         * Returns where a frame of {@code length} bytes that begins at {@code position} will stand in the active
         * segment; -1 if it does not fit there.
         */
        int offset(int length);

        /** Makes a new active segment, from {@code position} on, for a frame of {@code length} bytes. */
        void roll(int length, long position) throws IOException;
    }

    private record Accepted(PendingAppend pending, AppendResult result, int events) {}

    private record Refused(PendingAppend pending, RuntimeException reason) {}

    /** Begins a group whose events are recorded at {@code recordedMicros}, after what {@code index} holds. */
    Group(LogIndex index, FrameBuffer buffer, Room room, long recordedMicros) {
        this.index = index;
        this.reader = new LogReader(index);
        this.buffer = buffer;
        this.room = room;
        this.recordedMicros = recordedMicros;
        this.firstPosition = index.head() + 1;
        this.nextPosition = firstPosition;
        buffer.start();
    }

    /** Returns whether the group is large enough to be committed without waiting for more. */
    boolean isFull() {
        return buffer.length() >= FRAME_BYTES_ENOUGH || accepted.size() + refused.size() >= APPENDS_MAX;
    }

    /**
     * Decides {@code pending}, and adds its events if it is accepted. If that fails with an {@link IOException}, the
     * group must not be written.
     *
     * @return false if the group must be committed first, for its segment has no room for one more
     */
    boolean add(PendingAppend pending) throws IOException {
        places = new HashMap<>();
        AppendResult earlier;
        try {
            earlier = decide(pending.append());
        } catch (RuntimeException e) {
            refused.add(new Refused(pending, e));
            return true;
        }
        if (earlier != null) {
            accepted.add(new Accepted(pending, earlier, 0));
            return true;
        }
        return write(pending);
    }

    /** Returns the number of events to write; 0 if all appends were refused or repeats. */
    int events() {
        return (int) (nextPosition - firstPosition);
    }

    long firstPosition() {
        return firstPosition;
    }

    long recordedMicros() {
        return recordedMicros;
    }

    /** Answers every append of the group, once its events are durable and visible. */
    void answer() {
        accepted.forEach(one -> one.pending().result().complete(one.result()));
        answerRefused();
    }

    /** Tells the refused appends why they were refused, whatever becomes of the others. */
    void answerRefused() {
        refused.forEach(one -> one.pending().result().completeExceptionally(one.reason()));
    }

    private @Nullable AppendResult decide(Append append) {
        while (true) {
            try {
                return AppendRules.decide(append, this);
            } catch (IndexFile.DamagedException e) {
                index.repair(e);
                places = new HashMap<>();
            }
        }
    }

    private boolean write(PendingAppend pending) throws IOException {
        int mark = buffer.length();
        Written written = encode(pending.append());
        int frame = room.offset(buffer.length());
        if (frame < 0) {
            if (events() > 0) {
                buffer.cutTo(mark);
                return false;
            }
            try {
                room.roll(buffer.length(), firstPosition);
            } catch (LogWriter.NoRoomException e) {
                buffer.cutTo(mark);
                refused.add(new Refused(pending, e.refusal()));
                return true;
            }
            frame = room.offset(buffer.length());
        }
        MemoryIndex active = index.active();
        for (Entry entry : written.entries) {
            active.add(entry.stream, entry.id, entry.version, frame + entry.offset);
        }
        nextPosition += written.entries.size();
        accepted.add(new Accepted(
                pending, new AppendResult(nextPosition - 1, written.versions, false), written.entries.size()));
        return true;
    }

    private record Entry(Key stream, UUID id, long version, int offset) {}

    private record Written(List<Entry> entries, List<StreamVersion> versions) {}

    private Written encode(Append append) {
        List<StreamVersion> versions = new ArrayList<>(append.writes().size());
        List<Entry> entries = new ArrayList<>(append.size());
        int left = append.size();
        long position = nextPosition;
        for (StreamWrite write : append.writes()) {
            LogIndex.StreamPlaces before = places(write.stream());
            Key stream = before.stream();
            LogIndex.Head head = index.head(before);
            long version = head.version();
            long previous = head.position();
            for (Event event : write.events()) {
                entries.add(new Entry(stream, event.id(), ++version, buffer.length()));
                EventRecord.Place place = new EventRecord.Place(position, version, previous, recordedMicros);
                EventRecord.encode(buffer, stream.name(), event, place, --left == 0 ? EventRecord.LAST_OF_APPEND : 0);
                previous = position++;
            }
            versions.add(new StreamVersion(write.stream(), version));
        }
        return new Written(entries, versions);
    }

    /** Returns where the stream stands; the rules ask for the same stream several times. */
    private LogIndex.StreamPlaces places(StreamId stream) {
        LogIndex.StreamPlaces known = places.get(stream);
        if (known == null) {
            known = index.places(index.hash().stream(stream));
            places.put(stream, known);
        }
        return known;
    }

    @Override
    public long streamVersion(StreamId stream) {
        return index.head(places(stream)).version();
    }

    @Override
    public long versionOf(StreamId stream, UUID id) {
        return index.versionOf(places(stream), id);
    }

    @Override
    public long positionOf(StreamId stream, long version) {
        StreamPage page = index.page(places(stream).stream(), version, Long.MAX_VALUE, Direction.FORWARDS, 1);
        if (page == null) {
            throw new AssertionError("version " + version + " of " + stream + " was there a moment ago");
        }
        return page.positions()[0];
    }

    @Override
    public long firstMatch(Query query, long position) {
        long durable = reader.firstMatch(query, position);
        if (durable != 0) {
            return durable;
        }
        long at = firstPosition;
        for (Accepted one : accepted) {
            if (one.events() > 0) {
                for (StreamWrite write : one.pending().append().writes()) {
                    for (Event event : write.events()) {
                        if (at > position && query.matches(write.stream(), event)) {
                            return at;
                        }
                        at++;
                    }
                }
            }
        }
        return 0;
    }
}
