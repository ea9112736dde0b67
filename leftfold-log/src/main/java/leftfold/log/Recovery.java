// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import leftfold.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds the index from the segments and finds the tail. A torn tail is cut, but only where nothing valid follows;
 * damage is noted, never cut. Confined to the thread that opens the store.
 */
final class Recovery {
    private static final System.Logger LOGGER = System.getLogger(Recovery.class.getName());

    private final Directory directory;
    private final UUID logId;
    private final LogIndex index = new LogIndex();
    private final List<Segment> segments = new ArrayList<>();
    private final List<SegmentScan.Result> results = new ArrayList<>();

    private Recovery(Directory directory, UUID logId) {
        this.directory = directory;
        this.logId = logId;
    }

    /** Reads all segments of the log; changes nothing. */
    static Recovery read(Directory directory, UUID logId) throws IOException {
        Recovery recovery = new Recovery(directory, logId);
        recovery.readSegments();
        return recovery;
    }

    LogIndex index() {
        return index;
    }

    List<Segment> segments() {
        return segments;
    }

    /** Returns the number of bytes at the log's end that no acknowledged append needs. */
    int tornBytes() {
        return results.stream().mapToInt(SegmentScan.Result::tornBytes).sum();
    }

    /**
     * Cuts the torn tail, makes what is left durable, and returns the tail to go on with; null if the log is damaged,
     * for then nothing may be written.
     */
    @Nullable Tail repair(LogOptions options) throws IOException {
        if (!index.damages().isEmpty()) {
            return null;
        }
        directory.sync(); // the process before may have died between making a segment and syncing its name
        int last = segments.size() - 1;
        for (int i = 0; i < last; i++) {
            // A seal whose sync failed may be seen by this process and still be missing after the next power cut.
            if (i == last - 1 || !results.get(i).sealed()) {
                seal(i, options);
            }
        }
        return tail(last, options);
    }

    private void seal(int ordinal, LogOptions options) throws IOException {
        try (Tail tail = tail(ordinal, options)) {
            if (!results.get(ordinal).sealed()) {
                tail.seal(segments.get(ordinal + 1).firstPosition());
            }
        }
    }

    private Tail tail(int ordinal, LogOptions options) throws IOException {
        Segment segment = segments.get(ordinal);
        SegmentScan.Result result = results.get(ordinal);
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
            rewrite(file, segment, result.lastFrame());
            file.sync();
            return new Tail(directory, options, file, segment, result.end());
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /**
     * Writes the last frame once more. Its sync may have failed in the process before, and the system's cache may show
     * bytes that never reached the disk and that no later sync would write.
     */
    private static void rewrite(Directory.OpenFile file, Segment segment, @Nullable Frame frame) throws IOException {
        if (frame != null) {
            ByteBuffer copy = ByteBuffer.allocate(frame.length());
            copy.put(0, segment.bytes(), frame.offset(), frame.length());
            file.write(copy, frame.offset());
        }
    }

    private void readSegments() throws IOException {
        List<String> names = directory.list();
        int last = 0;
        for (String name : names) {
            last = Math.max(last, Segment.number(name));
        }
        if (last == 0) {
            lose(Segment.file(1), "the file is missing", 1, Long.MAX_VALUE);
        }
        for (int number = 1; number <= last; number++) {
            readSegment(number, names.contains(Segment.file(number)));
        }
        if (!results.isEmpty() && results.getLast().sealed()) {
            lose(Segment.file(last + 1), "the file is missing", index.head() + 1, Long.MAX_VALUE);
        }
    }

    private void readSegment(int number, boolean present) throws IOException {
        String name = Segment.file(number);
        long position = segments.isEmpty() ? 1 : segments.getLast().nextPosition();
        if (!present) {
            lose(name, "the file is missing", position, Long.MAX_VALUE);
            return;
        }
        ByteBuffer bytes = directory.view(name).order(ByteOrder.LITTLE_ENDIAN);
        SegmentHeader header = SegmentHeader.decode(bytes);
        if (header == null || header.number() != number) {
            lose(name, "the segment's header is not valid", position, Long.MAX_VALUE);
            return;
        }
        if (!header.logId().equals(logId)) {
            throw new StoreException.CannotOpen(
                    directory.name() + "/" + name + " belongs to another store (" + header.logId() + ", not " + logId
                            + "); put the files of each store into a folder of their own",
                    null);
        }
        foundFrom(position, header.firstPosition());
        Segment segment = new Segment(directory.name() + "/" + name, header, bytes);
        index.add(segment);
        segments.add(segment);
        results.add(SegmentScan.scan(segment, index));
        if (bytes.limit() < header.size()) {
            lose(name, "the file ends here, not at byte " + header.size(), segment.nextPosition(), Long.MAX_VALUE);
        }
    }

    /** Notes that positions between segments are lost, and how far the loss before this segment reaches. */
    private void foundFrom(long expected, long found) {
        List<Damage> damages = index.damages();
        for (int i = 0; i < damages.size(); i++) {
            Damage damage = damages.get(i);
            if (damage.lastPosition() == Long.MAX_VALUE) {
                damages.set(
                        i,
                        new Damage(damage.file(), damage.offset(), damage.what(), damage.firstPosition(), found - 1));
            }
        }
        boolean explained = damages.stream().anyMatch(damage -> damage.lastPosition() >= found - 1);
        if (found != expected && !explained && !segments.isEmpty()) {
            Segment before = segments.getLast();
            int end = results.getLast().end();
            damages.add(
                    new Damage(before.path(), end, "events before the next segment are missing", expected, found - 1));
        }
    }

    private void lose(String name, String what, long first, long last) {
        index.damages().add(new Damage(directory.name() + "/" + name, 0, what, first, last));
    }
}
