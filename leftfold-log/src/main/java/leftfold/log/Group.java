// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
 * Confined to the writer.
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
    private final Places places;

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
        this.places = new Places(index);
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
        places.begin(pending);
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
                places.forget();
            } finally {
                index.checkWhole(); // whatever was decided: events that are lost were not seen
            }
        }
    }

    private boolean write(PendingAppend pending) throws IOException {
        int mark = buffer.put(pending.records());
        StreamVersion[] versions = complete(pending, mark);
        int frame = room.offset(buffer.length());
        if (frame < 0) {
            if (events() > 0) {
                buffer.cutTo(mark);
                return false;
            }
            try {
                room.roll(buffer.length(), firstPosition);
            } catch (Committer.NoRoomException e) {
                buffer.cutTo(mark);
                refused.add(new Refused(pending, e.refusal()));
                return true;
            }
            frame = room.offset(buffer.length());
        }
        MemoryIndex active = index.active();
        int at = mark;
        for (int i = 0; i < versions.length; i++) {
            int count = pending.append().writes().get(i).events().size();
            at = active.add(pending.streams()[i].stream(), buffer.bytes(), at, count, frame);
        }
        nextPosition += pending.events();
        accepted.add(
                new Accepted(pending, new AppendResult(nextPosition - 1, List.of(versions), false), pending.events()));
        return true;
    }

    /** Fills in the places of the records from {@code start} on; returns the versions that the streams have then. */
    private StreamVersion[] complete(PendingAppend pending, int start) {
        List<StreamWrite> writes = pending.append().writes();
        StreamVersion[] versions = new StreamVersion[writes.size()];
        long position = nextPosition;
        int at = start;
        for (int i = 0; i < versions.length; i++) {
            StreamId stream = writes.get(i).stream();
            LogIndex.Head head = places.head(stream);
            long version = head.version();
            long previous = head.position();
            for (int left = writes.get(i).events().size(); left > 0; left--) {
                EventRecord.Place place = new EventRecord.Place(position, ++version, previous, recordedMicros);
                at = EventRecord.complete(buffer.bytes(), at, place);
                previous = position++;
            }
            versions[i] = new StreamVersion(stream, version);
        }
        return versions;
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
        StreamPage page = index.page(places.of(stream).stream(), version, Long.MAX_VALUE, Direction.FORWARDS, 1);
        if (page == null) {
            index.checkWhole();
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
