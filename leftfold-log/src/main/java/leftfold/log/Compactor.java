// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Writes the events of sealed segments once more, those of each stream together, and puts the copy in the place of the
 * segments. No position changes. Confined to one thread at a time.
 */
final class Compactor {
    /** The name of a copy that is not complete. */
    static final String NAME = "segment.compact";

    private static final int BYTES_MAX = 1 << 30;

    private final Directory directory;
    private final LogIndex index;
    private final LogOptions options;
    private long events;
    private int segmentsBefore;
    private int segmentsAfter;

    Compactor(Directory directory, LogIndex index, LogOptions options) {
        this.directory = directory;
        this.index = index;
        this.options = options;
    }

    /** Makes one segment of the next few that are sealed and indexed; returns false if there are none. */
    boolean compactNext() throws IOException {
        for (KeyIndex part : index.parts()) {
            if (part instanceof KeyTable table) {
                List<List<Segment>> groups = groups(table);
                if (!groups.isEmpty()) {
                    events += compact(table, groups.getFirst());
                    segmentsBefore += groups.getFirst().size();
                    segmentsAfter++;
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns what was done so far. */
    CompactReport report() {
        return new CompactReport(events, segmentsBefore, segmentsAfter);
    }

    /** Returns the segments of one table in groups, each to become one segment; what would not change is left out. */
    private List<List<Segment>> groups(KeyTable table) {
        List<List<Segment>> groups = new ArrayList<>();
        List<Segment> group = new ArrayList<>();
        long bytes = 0;
        for (Segment segment : index.segments()) {
            if (segment.firstPosition() < table.firstPosition() || segment.firstPosition() >= table.nextPosition()) {
                continue;
            }
            bytes += segment.bytes().limit();
            if (bytes > BYTES_MAX && !group.isEmpty()) {
                groups.add(group);
                group = new ArrayList<>();
                bytes = segment.bytes().limit();
            }
            group.add(segment);
        }
        groups.add(group);
        groups.removeIf(one -> one.isEmpty() || (one.size() == 1 && isClustered(one.getFirst())));
        return groups;
    }

    private static boolean isClustered(Segment segment) {
        try {
            Frame first = Frame.read(
                    segment.bytes(), SegmentHeader.BYTES, segment.header().epoch());
            return first != null && first.kind() == Frame.CLUSTERED;
        } catch (InternalError e) {
            return false; // who copies the events learns that
        }
    }

    private long compact(KeyTable table, List<Segment> group) throws IOException {
        Segment first = group.getFirst();
        Segment last = group.getLast();
        int count = Math.toIntExact(last.nextPosition() - first.firstPosition());
        long content = Frame.HEADER_BYTES;
        for (Segment segment : group) {
            for (int ordinal = 0; ordinal < segment.count(); ordinal++) {
                content += segment.checkedLength(ordinal);
            }
        }
        long lineage = Integer.toUnsignedLong(last.closing()); // which is no part of a header's
        for (Segment segment : group) {
            lineage ^= segment.lineage();
        }
        long size = SegmentHeader.BYTES + content + Frame.HEADER_BYTES;
        SegmentHeader header = new SegmentHeader(
                first.header().logId(),
                first.firstPosition(),
                size,
                options.random().nextLong(),
                first.header().previous(),
                new SegmentHeader.Numbers(
                        first.header().number(),
                        last.header().lastNumber(),
                        lineage,
                        last.header().lastEpoch()));
        install(group, write(table, header, count, (int) content, last.closing()));
        return count;
    }

    /** Writes the copy, and returns it as it was found when read again. */
    private Segment write(KeyTable table, SegmentHeader header, int count, int content, int closing)
            throws IOException {
        try (Directory.OpenFile file = directory.create(NAME, 0)) {
            Frame frame = new Frame(0, content, Frame.CLUSTERED, header.firstPosition(), count, content, 0);
            file.write(header.encode(), 0);
            file.write(Frame.headerOnly(frame, header.epoch()), SegmentHeader.BYTES);
            ClusterWriter out = new ClusterWriter(index, file, SegmentHeader.BYTES + Frame.HEADER_BYTES);
            for (Iterator<KeyRun> runs = table.source().runs(); runs.hasNext(); ) {
                KeyRun run = runs.next();
                if (run.firstVersion() > 0) {
                    run.forEachOrdinal(ordinal -> {
                        long position = table.firstPosition() + ordinal;
                        if (position >= header.firstPosition() && position < header.firstPosition() + count) {
                            out.copy(position);
                        }
                    });
                }
            }
            out.flush();
            file.write(
                    Frame.seal(header.epoch(), header.firstPosition() + count, closing), SegmentHeader.BYTES + content);
            file.sync();
            Found copy = new Found(
                    new Segment(directory.name() + "/" + NAME, header, directory.view(NAME), directory.loader(NAME)));
            if (copy.isDamaged() || copy.segment().count() != count) {
                throw new IOException(table.name() + " does not know every event once; delete it while the store is"
                        + " closed, and opening the store makes it anew");
            }
            return copy.segment();
        } catch (IOException | RuntimeException | Error e) {
            directory.delete(NAME);
            throw e;
        }
    }

    /** Puts the copy in the place of the segments; from the first sync on, a crash leaves the copy in use. */
    private void install(List<Segment> group, Segment copy) throws IOException {
        SegmentHeader header = copy.header();
        directory.rename(NAME, Segment.file(header.number()));
        directory.sync();
        Segment compacted = Tail.view(directory, header);
        compacted.close(group.getLast().closing());
        for (int ordinal = 0; ordinal < copy.count(); ordinal++) {
            compacted.add(copy.offset(ordinal));
        }
        compacted.writeOffsets(directory);
        index.replaceSegments(group, compacted);
        for (Segment segment : group.subList(1, group.size())) {
            directory.delete(Segment.file(segment.header().number()));
            directory.delete(Segment.offsetsFile(segment.header().number()));
        }
        directory.sync();
    }

    /** Copies records one after the other. */
    private static final class ClusterWriter {
        private static final int BUFFER_BYTES = 1 << 20;

        private final LogIndex index;
        private final Directory.OpenFile file;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        private int flushed;

        ClusterWriter(LogIndex index, Directory.OpenFile file, int start) {
            this.index = index;
            this.file = file;
            this.flushed = start;
        }

        /** Copies the record of an event. */
        void copy(long position) throws IOException {
            Segment segment = index.segment(position);
            int offset = segment.offset((int) (position - segment.firstPosition()));
            if (offset == 0) {
                throw segment.corrupt(offset, "an event of the index is not here", position);
            }
            try {
                copy(segment.bytes(), offset);
            } catch (InternalError e) {
                throw segment.corrupt(offset, Damage.UNREADABLE, position);
            }
        }

        private void copy(ByteBuffer from, int offset) throws IOException {
            int length = from.getInt(offset);
            ByteBuffer record = from.slice(offset, length);
            if (length > buffer.remaining()) {
                flush();
            }
            if (length > buffer.capacity()) {
                file.write(record, flushed);
                flushed += length;
            } else {
                buffer.put(record);
            }
        }

        /** Writes what is buffered. */
        void flush() throws IOException {
            int length = buffer.flip().remaining();
            file.write(buffer, flushed);
            flushed += length;
            buffer.clear();
        }
    }
}
