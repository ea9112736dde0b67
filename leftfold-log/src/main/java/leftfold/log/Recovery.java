// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Opens a log: takes the indexes of sealed segments from their files, reads the segments that have none, and finds the
 * tail. A torn tail is cut, but only where nothing valid follows; damage is noted, never cut. Confined to the thread
 * that opens the store.
 */
final class Recovery {
    private static final System.Logger LOGGER = System.getLogger(Recovery.class.getName());

    private final Directory directory;
    private final LogIndex index;
    private final Indexer indexer;
    private final SegmentFiles files;
    private final TableCover tables;
    private final List<Scanned> scanned = new ArrayList<>();

    /** A segment that had to be read. */
    private record Scanned(Segment segment, SegmentScan.Result result) {}

    private Recovery(Directory directory, UUID logId, LogIndex index, Indexer indexer) throws IOException {
        this.directory = directory;
        this.index = index;
        this.indexer = indexer;
        this.files = SegmentFiles.open(directory, logId, index.damages());
        this.tables = TableCover.find(directory, logId, files.segments(), index.hash());
    }

    /** Fills {@code index} from what is in the folder. */
    static Recovery read(Directory directory, UUID logId, LogIndex index, Indexer indexer) throws IOException {
        Recovery recovery = new Recovery(directory, logId, index, indexer);
        recovery.files.read(recovery::read);
        List<Scanned> scanned = recovery.scanned;
        if (!scanned.isEmpty() && scanned.getLast().result.sealed()) {
            recovery.files.loseNext(); // the last segment is always read
        }
        return recovery;
    }

    /**
     * Cuts the torn tail, makes what is left durable, removes files without use, and returns the tail to go on with;
     * null if the log is damaged, for then nothing may be written.
     */
    @Nullable Tail repair(LogOptions options) throws IOException {
        if (!index.damages().isEmpty()) {
            return null;
        }
        directory.sync(); // the process before may have died between making a segment and syncing its name
        for (Scanned one : scanned.subList(0, scanned.size() - 1)) {
            if (one.segment.offsetsFile() == null) {
                seal(one, options);
            }
        }
        for (String name : files.replaced()) {
            directory.delete(name);
        }
        tables.deleteUnused(directory, index);
        return tail(scanned.getLast(), options);
    }

    /** Returns an index in memory of {@code segment}, which is part of a log already; what it lost is noted. */
    static MemoryIndex reindexed(Segment segment, LogIndex index) {
        Segment copy = segment.empty();
        MemoryIndex memory = new MemoryIndex(copy, index.hash(), segment.count());
        Filler filler = new Filler(memory, index, segment.nextPosition() - 1);
        SegmentScan.Result result = SegmentScan.scan(copy, filler);
        if (copy.nextPosition() < segment.nextPosition()) {
            long lost = copy.nextPosition();
            filler.lost(
                    copy,
                    new Damage(copy.path(), result.end(), "events are missing", lost, segment.nextPosition() - 1));
        }
        memory.publish();
        return memory;
    }

    private int read(Segment segment, long next) throws IOException {
        KeyTable table = tables.at(segment.firstPosition());
        boolean covered = tables.covers(segment.firstPosition());
        if (table != null && !index.parts().contains(table)) {
            index.add(table);
        }
        if (covered && segment.useOffsetsFile(directory, next)) {
            index.add(segment);
            return segment.bytes().limit();
        }
        if (covered) {
            index.add(segment);
            return scanOffsets(segment);
        }
        return scan(segment, next);
    }

    /** Reads a segment whose keys stand in a table, to learn where its events begin. */
    private int scanOffsets(Segment segment) throws IOException {
        SegmentScan.Result result = SegmentScan.scan(segment, new SegmentScan.Visitor() {
            @Override
            public void event(Segment in, long position, int offset) {
                in.add(offset);
            }

            @Override
            public void lost(Segment in, Damage damage) {
                index.damages().add(damage);
                if (damage.lastPosition() != Long.MAX_VALUE) {
                    in.skipTo(damage.lastPosition() + 1);
                }
            }
        });
        scanned.add(new Scanned(segment, result));
        if (index.damages().isEmpty() && result.sealed()) {
            syncSeal(segment, result);
            segment.writeOffsets(directory);
        }
        return result.end();
    }

    /** Reads a segment to the end; if another one follows, its index goes into a file at once, to keep memory low. */
    private int scan(Segment segment, long next) {
        MemoryIndex memory = index.begin(segment);
        SegmentScan.Result result = SegmentScan.scan(segment, new Filler(memory, index, Long.MAX_VALUE));
        memory.publish();
        scanned.add(new Scanned(segment, result));
        if (next == segment.nextPosition() && result.sealed() && index.damages().isEmpty()) {
            try {
                syncSeal(segment, result);
                indexer.write(memory);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "an index stays in memory: file={0} cause={1}", segment.path(), e.toString());
            }
        }
        return result.end();
    }

    private void seal(Scanned one, LogOptions options) throws IOException {
        try (Tail tail = tail(one, options)) {
            if (!one.result.sealed()) {
                tail.seal(one.segment.nextPosition(), one.segment.closing());
            }
        }
    }

    private Tail tail(Scanned last, LogOptions options) throws IOException {
        Segment segment = last.segment;
        SegmentScan.Result result = last.result;
        Directory.OpenFile file = directory.open(Segment.file(segment.header().number()));
        try {
            if (result.tornBytes() > 0) {
                LOGGER.log(
                        Level.WARNING,
                        "cut a torn append that was never acknowledged: file={0} offset={1} bytes={2}",
                        segment.path(),
                        result.end(),
                        result.tornBytes());
                file.write(ByteBuffer.allocate(result.tornBytes()), result.end());
            }
            store(file, segment, result.lastFrame());
            file.sync();
            return new Tail(directory, options, file, segment, result.end());
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** A seal whose sync failed may be seen by this process and still be missing after the next power cut. */
    private void syncSeal(Segment segment, SegmentScan.Result result) throws IOException {
        try (Directory.OpenFile file =
                directory.open(Segment.file(segment.header().number()))) {
            store(file, segment, result.lastFrame());
            file.sync();
        }
    }

    /**
     * Writes the last frame once more if the disk does not have it. Its sync may have failed in the process before, and
     * the system's cache may show bytes that never reached the disk and that no later sync would write. A frame that is
     * there is left alone: on some disks a power cut in the middle of a write destroys what was there before. Nor is
     * a compacted one written: it can be larger than the memory, and was on the disk before it got its name.
     */
    private void store(Directory.OpenFile file, Segment segment, @Nullable Frame frame) throws IOException {
        if (frame != null && frame.kind() != Frame.CLUSTERED) {
            ByteBuffer copy = ByteBuffer.allocate(frame.length());
            copy.put(0, segment.bytes(), frame.offset(), frame.length());
            if (!directory.isStored(Segment.file(segment.header().number()), copy, frame.offset())) {
                file.write(copy, frame.offset());
            }
        }
    }

    /** Adds what a scan finds to an index, of a segment whose last position is {@code last}, if that is known. */
    private record Filler(MemoryIndex memory, LogIndex index, long last) implements SegmentScan.Visitor {
        @Override
        public void event(Segment segment, long position, int offset) {
            ByteBuffer bytes = segment.bytes();
            byte[] stream = EventRecord.stream(bytes, offset);
            Key key = new Key(Key.STREAM, stream, index.hash().of(Key.STREAM, stream, stream.length));
            memory.add(key, bytes, offset, 1, 0);
        }

        @Override
        public void lost(Segment segment, Damage damage) {
            long end = Math.min(damage.lastPosition(), last);
            index.damages().add(new Damage(damage.file(), damage.offset(), damage.what(), damage.firstPosition(), end));
            if (end != Long.MAX_VALUE && end >= segment.nextPosition()) {
                memory.skipTo(end + 1);
            }
        }
    }
}
