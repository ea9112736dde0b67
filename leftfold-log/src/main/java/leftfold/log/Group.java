// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.AppendRules;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.StreamWrite;
import org.jspecify.annotations.Nullable;

/**
 * A group commit in the making: appends that become durable by one sync. Each is decided as if those before it were
 * already in the log; none is answered before the sync. Confined to the writer thread.
 */
final class Group implements AppendRules.View {
    private static final int FRAME_BYTES_ENOUGH = 1 << 20;
    private static final int APPENDS_MAX = 4_096;

    private final LogIndex index;
    private final LogReader reader;
    private final FrameBuffer buffer;
    private final Instant recordedAt;
    private final long firstPosition;
    private final List<RecordedEvent> events = new ArrayList<>();
    private final IntList offsets = new IntList();
    private final Map<StreamId, List<RecordedEvent>> streams = new HashMap<>();
    private final List<Accepted> accepted = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();

    private record Accepted(PendingAppend pending, AppendResult result) {}

    private record Refused(PendingAppend pending, RuntimeException reason) {}

    /** Begins a group whose events are recorded at {@code recordedAt}, after what {@code index} holds. */
    Group(LogIndex index, LogReader reader, FrameBuffer buffer, Instant recordedAt) {
        this.index = index;
        this.reader = reader;
        this.buffer = buffer;
        this.recordedAt = recordedAt;
        this.firstPosition = index.head() + 1;
        buffer.start();
    }

    /** Returns whether the group is large enough to be committed without waiting for more. */
    boolean isFull() {
        return buffer.length() >= FRAME_BYTES_ENOUGH || accepted.size() + refused.size() >= APPENDS_MAX;
    }

    /** Decides {@code pending}, and adds its events if it is accepted. If that fails, the group must not be written. */
    void add(PendingAppend pending) {
        AppendResult earlier;
        try {
            earlier = AppendRules.decide(pending.append(), this);
        } catch (RuntimeException e) {
            refused.add(new Refused(pending, e));
            return;
        }
        AppendResult result = earlier == null ? accept(pending.append()) : earlier;
        accepted.add(new Accepted(pending, result));
    }

    /** Returns the events to write, in order; empty if all appends were refused or repeats. */
    List<RecordedEvent> events() {
        return events;
    }

    long firstPosition() {
        return firstPosition;
    }

    /** Returns where each event's record begins, once the frame begins at {@code frameOffset}. */
    IntList offsets(int frameOffset) {
        IntList absolute = new IntList();
        for (int i = 0; i < offsets.size(); i++) {
            absolute.add(frameOffset + offsets.get(i));
        }
        return absolute;
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

    private AppendResult accept(Append append) {
        List<StreamVersion> versions = new ArrayList<>(append.writes().size());
        int left = append.size();
        for (StreamWrite write : append.writes()) {
            LogIndex.Head head = head(write.stream());
            List<RecordedEvent> stream = streams.computeIfAbsent(write.stream(), key -> new ArrayList<>());
            for (Event event : write.events()) {
                long position = firstPosition + events.size();
                RecordedEvent recorded =
                        new RecordedEvent(position, write.stream(), head.version() + 1, recordedAt, event);
                offsets.add(buffer.length());
                EventRecord.encode(buffer, recorded, head.position(), --left == 0 ? EventRecord.LAST_OF_APPEND : 0);
                events.add(recorded);
                stream.add(recorded);
                head = new LogIndex.Head(recorded.version(), position);
            }
            versions.add(new StreamVersion(write.stream(), head.version()));
        }
        return new AppendResult(firstPosition + events.size() - 1, versions, false);
    }

    private LogIndex.Head head(StreamId stream) {
        List<RecordedEvent> pending = streams.get(stream);
        return pending == null
                ? index.head(stream)
                : new LogIndex.Head(
                        pending.getLast().version(), pending.getLast().position());
    }

    @Override
    public long streamVersion(StreamId stream) {
        return head(stream).version();
    }

    @Override
    public long versionOf(StreamId stream, UUID id) {
        RecordedEvent pending = pending(stream, id);
        if (pending != null) {
            return pending.version();
        }
        long position = index.head(stream).version() == 0 ? 0 : index.find(stream, id);
        return position == 0 ? 0 : reader.at(position).version();
    }

    private @Nullable RecordedEvent pending(StreamId stream, UUID id) {
        for (RecordedEvent event : streams.getOrDefault(stream, List.of())) {
            if (event.id().equals(id)) {
                return event;
            }
        }
        return null;
    }

    @Override
    public long positionOf(StreamId stream, long version) {
        LogIndex.Head durable = index.head(stream);
        if (version <= durable.version()) {
            return index.place(stream, version).position();
        }
        return streams.getOrDefault(stream, List.of())
                .get((int) (version - durable.version()) - 1)
                .position();
    }

    @Override
    public long firstMatch(Query query, long position) {
        long durable = reader.firstMatch(query, position);
        if (durable != 0) {
            return durable;
        }
        for (RecordedEvent event : events) {
            if (event.position() > position && query.matches(event)) {
                return event.position();
            }
        }
        return 0;
    }
}
