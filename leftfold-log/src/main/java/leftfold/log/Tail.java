// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Where the log is written: the active segment, and the offset of its next frame. Confined to the writer thread once
 * the store is open.
 *
 * <p>A segment is full zeros before its first frame, so a sync of a frame has no file size or block map to write; and
 * zeros after the last frame are what tells recovery that nothing follows.
 */
final class Tail implements Closeable {
    private static final String NEW_FILE = "segment.new";

    private final Directory directory;
    private final LogOptions options;
    private final UUID logId;
    private Directory.OpenFile file;
    private Segment segment;
    private int end;

    /** Goes on at byte {@code end} of {@code segment}, which {@code file} writes. */
    Tail(Directory directory, LogOptions options, Directory.OpenFile file, Segment segment, int end) {
        this.directory = directory;
        this.options = options;
        this.logId = segment.header().logId();
        this.file = file;
        this.segment = segment;
        this.end = end;
    }

    /** Makes the first segment of a new log, and returns the tail at its beginning. */
    static Tail create(Directory directory, LogOptions options, UUID logId) throws IOException {
        SegmentHeader header = new SegmentHeader(logId, 1, options.random().nextLong(), 1, options.segmentBytesFirst());
        Directory.OpenFile file = createFile(directory, header);
        directory.sync();
        return new Tail(directory, options, file, view(directory, header), SegmentHeader.BYTES);
    }

    /** Returns whether a segment's file under construction was left behind by a crash. */
    static boolean isLeftover(String name) {
        return name.equals(NEW_FILE);
    }

    Segment segment() {
        return segment;
    }

    int frameAlignment() {
        return options.frameAlignment();
    }

    /** Returns whether a frame of {@code length} bytes fits into the active segment, and a seal behind it. */
    boolean hasRoom(int length) {
        return (long) end + length + sealLength() <= segment.bytes().limit();
    }

    /**
     * Makes the next segment, beginning at {@code position} and with room for a frame of {@code length} bytes. If it
     * fails, the log is as before; once it is made, the log goes on there and nowhere else.
     */
    Next prepareNext(int length, long position) throws IOException {
        long doubled = Math.min(2L * segment.bytes().limit(), options.segmentBytesMax());
        long needed = (long) SegmentHeader.BYTES + length + sealLength();
        long size = Math.max(Math.max(doubled, options.segmentBytesFirst()), needed);
        SegmentHeader header = new SegmentHeader(
                logId,
                segment.header().number() + 1,
                options.random().nextLong(),
                position,
                (size + SegmentHeader.BYTES - 1) / SegmentHeader.BYTES * SegmentHeader.BYTES);
        return new Next(createFile(directory, header), header);
    }

    /** A segment whose file is durable, but not yet its name. */
    record Next(Directory.OpenFile file, SegmentHeader header) {}

    /** Makes the name of {@code next} durable, seals the active segment and goes on in the next. */
    void switchTo(Next next) throws IOException {
        directory.sync();
        seal(next.header().firstPosition());
        file.close();
        file = next.file();
        segment = view(directory, next.header());
        end = SegmentHeader.BYTES;
    }

    /** Writes the seal of a segment whose next one begins at {@code nextPosition}. */
    void seal(long nextPosition) throws IOException {
        FrameBuffer buffer = new FrameBuffer();
        buffer.start();
        buffer.align(options.frameAlignment());
        ByteBuffer frame = buffer.frame();
        Frame.complete(frame, Frame.SEAL, segment.header().epoch(), nextPosition, 0, Frame.HEADER_BYTES);
        file.write(frame, end);
        file.sync();
        end += frame.limit();
    }

    /**
     * Writes a frame of events and returns once it survives a crash. If it fails, nothing more may be written.
     *
     * @return the frame's offset in the active segment
     */
    int write(FrameBuffer buffer, long firstPosition, int count) throws IOException {
        int contentLength = buffer.length();
        buffer.align(options.frameAlignment());
        ByteBuffer frame = buffer.frame();
        Frame.complete(frame, Frame.EVENTS, segment.header().epoch(), firstPosition, count, contentLength);
        int offset = end;
        file.write(frame, offset);
        file.sync();
        end += frame.limit();
        return offset;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private int sealLength() {
        return FrameBuffer.alignUp(Frame.HEADER_BYTES, options.frameAlignment());
    }

    private static Directory.OpenFile createFile(Directory directory, SegmentHeader header) throws IOException {
        Directory.OpenFile file = directory.create(NEW_FILE, header.size());
        try {
            file.write(header.encode(), 0);
            file.sync();
            directory.rename(NEW_FILE, Segment.file(header.number()));
            return file;
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static Segment view(Directory directory, SegmentHeader header) throws IOException {
        String name = Segment.file(header.number());
        return new Segment(directory.name() + "/" + name, header, directory.view(name));
    }
}
