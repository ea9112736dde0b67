// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Where the log is written: the active segment, and the offset of its next frame. Confined to the writer once
 * the store is open.
 *
 * <p>A segment is full zeros before its first frame, so a sync of a frame has no file size or block map to write; and
 * zeros after the last frame are what tells recovery that nothing follows.
 */
final class Tail implements Closeable {
    private final Directory directory;
    private final LogOptions options;
    private final SpareFile spare;
    private Directory.OpenFile file;
    private Segment segment;
    private int end;
    private long written;

    /** Goes on at byte {@code end} of {@code segment}, which {@code file} writes. */
    Tail(Directory directory, LogOptions options, Directory.OpenFile file, Segment segment, int end) {
        this.directory = directory;
        this.options = options;
        this.spare = new SpareFile(directory);
        this.file = file;
        this.segment = segment;
        this.end = end;
    }

    /** Makes the first segment of a new log, and returns the tail at its beginning. */
    static Tail create(Directory directory, LogOptions options, UUID logId) throws IOException {
        SegmentHeader header = SegmentHeader.first(logId, options.random().nextLong(), options.segmentBytesFirst());
        Directory.OpenFile file = withHeader(directory, directory.create(SpareFile.NAME, header.size()), header);
        try {
            directory.rename(SpareFile.NAME, Segment.file(1));
            directory.sync();
            return new Tail(directory, options, file, view(directory, header), SegmentHeader.BYTES);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** Returns whether a segment's file under construction was left behind by a crash. */
    static boolean isLeftover(String name) {
        return name.equals(SpareFile.NAME);
    }

    Segment segment() {
        return segment;
    }

    /** Returns where the next frame begins. */
    int end() {
        return end;
    }

    /** Returns whether a frame of {@code length} bytes fits into the active segment, and a seal behind it. */
    boolean hasRoom(int length) {
        return frameEnd(end, length) + Frame.HEADER_BYTES <= segment.bytes().limit();
    }

    /**
     * Makes the file of the next segment, beginning at {@code position} and with room for a frame of {@code length}
     * bytes. If it fails, the log is as before.
     */
    Next prepareNext(int length, long position) throws IOException {
        long needed = frameEnd(SegmentHeader.BYTES, length) + Frame.HEADER_BYTES;
        long size = Math.max(nextSize(), needed);
        SegmentHeader header =
                segment.header().next(segment.lastChecksum(), options.random().nextLong(), position, roundUp(size));
        return new Next(withHeader(directory, spare.take(header.size()), header), header);
    }

    private long nextSize() {
        return Math.max(Math.min(2L * segment.bytes().limit(), options.segmentBytesMax()), options.segmentBytesFirst());
    }

    /** A segment whose file is durable, but which has no name yet. */
    record Next(Directory.OpenFile file, SegmentHeader header) {}

    /**
     * Names {@code next} durably, seals the active segment and goes on in the next. If it fails, nothing more may be
     * written: the log may go on in the one or in the other.
     */
    void switchTo(Next next) throws IOException {
        try {
            directory.rename(SpareFile.NAME, Segment.file(next.header().number()));
            directory.sync();
            seal(next.header().firstPosition(), next.header().previous().checksum());
            segment = view(directory, next.header());
        } catch (IOException | RuntimeException | Error e) {
            next.file().close();
            throw e;
        }
        Directory.OpenFile sealed = file;
        file = next.file();
        end = SegmentHeader.BYTES;
        written = 0;
        sealed.close();
    }

    /**
     * Writes the seal of a segment whose next one begins at {@code nextPosition}. It needs no padding, for nothing is
     * written behind it.
     *
     * @param closing the checksum of the segment's last event record; 0 if there is none
     */
    void seal(long nextPosition, int closing) throws IOException {
        ByteBuffer frame = Frame.seal(segment.header().epoch(), nextPosition, closing);
        file.write(frame, end);
        file.sync();
        end += frame.limit();
        segment.close(closing);
    }

    /** Writes a frame of events and returns once it survives a crash. If it fails, nothing more may be written. */
    void write(FrameBuffer buffer, long firstPosition, int count) throws IOException {
        int contentLength = buffer.length();
        buffer.zeros((int) (frameEnd(end, contentLength) - end) - contentLength);
        ByteBuffer frame = buffer.frame();
        new Frame(0, frame.limit(), Frame.EVENTS, firstPosition, count, contentLength, 0)
                .complete(frame, segment.header().epoch());
        file.write(frame, end);
        file.sync();
        end += frame.limit();
        written += frame.limit();
        prepareSpare();
    }

    @Override
    public void close() throws IOException {
        try (Directory.OpenFile active = file) {
            spare.close();
        }
    }

    /** Has the next segment's file made once this one is half full, if it fills fast enough to be needed soon. */
    private void prepareSpare() {
        int size = segment.bytes().limit();
        if (end > size / 2 && written > size / 4) {
            spare.prepare(roundUp(nextSize()));
        }
    }

    /** Returns where a frame of {@code length} bytes ends, once it is padded, if it begins at {@code start}. */
    private long frameEnd(int start, int length) {
        long alignment = options.frameAlignment();
        return ((long) start + length + alignment - 1) / alignment * alignment;
    }

    private static long roundUp(long size) {
        return (size + SegmentHeader.BYTES - 1) / SegmentHeader.BYTES * SegmentHeader.BYTES;
    }

    /** Writes the header into a new segment's file; if that fails, closes and deletes it. */
    private static Directory.OpenFile withHeader(Directory directory, Directory.OpenFile file, SegmentHeader header)
            throws IOException {
        try {
            file.write(header.encode(), 0);
            file.sync();
            return file;
        } catch (IOException | RuntimeException | Error e) {
            try (file) {
                directory.delete(SpareFile.NAME); // its room may be all that is left
            } catch (IOException another) {
                e.addSuppressed(another);
            }
            throw e;
        }
    }

    static Segment view(Directory directory, SegmentHeader header) throws IOException {
        String name = Segment.file(header.number());
        return new Segment(directory.name() + "/" + name, header, directory.view(name), directory.loader(name));
    }
}
