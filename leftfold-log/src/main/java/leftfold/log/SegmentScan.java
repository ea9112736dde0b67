// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment from its first frame to its last, checking everything, and tells a torn tail, where nothing valid
 * follows, from damage in the middle. Confined to one thread.
 */
final class SegmentScan {
    /** Learns what a scan finds, in log order. */
    interface Visitor {
        /** The event at {@code position}, the next one, whose record is whole and begins at {@code offset}. */
        void event(Segment segment, long position, int offset);

        /** Positions that cannot be read; the next event lies after them. */
        void lost(Segment segment, Damage damage);
    }

    /**
     * What a scan found.
     *
     * @param end the offset after the last valid frame
     * @param lastFrame the last valid frame; null if there is none
     * @param tornBytes the number of bytes from {@code end} that hold an append that was never acknowledged; 0 if none
     */
    record Result(int end, @Nullable Frame lastFrame, int tornBytes) {
        boolean sealed() {
            return lastFrame != null && lastFrame.kind() == Frame.SEAL;
        }
    }

    private final Segment segment;
    private final ByteBuffer bytes;
    private final Visitor visitor;
    private int at = SegmentHeader.BYTES;
    private long position;
    private @Nullable Frame lastFrame;

    private SegmentScan(Segment segment, Visitor visitor) {
        this.segment = segment;
        this.bytes = segment.bytes();
        this.visitor = visitor;
        this.position = segment.firstPosition();
    }

    /** Scans {@code segment}, telling {@code visitor} of everything in it. */
    static Result scan(Segment segment, Visitor visitor) {
        return new SegmentScan(segment, visitor).run();
    }

    private Result run() {
        while (lastFrame == null || lastFrame.kind() != Frame.SEAL) {
            Frame frame = Frame.read(bytes, at, segment.header().epoch());
            if (frame == null || frame.firstPosition() != position) {
                frame = nextValid();
                if (frame == null) {
                    return new Result(at, lastFrame, tornBytes());
                }
                lose(at, "no valid frame here, but one at byte " + frame.offset(), frame.firstPosition());
            }
            if (frame.kind() == Frame.EVENTS) {
                visit(frame);
            }
            lastFrame = frame;
            at = frame.end();
        }
        return new Result(at, lastFrame, 0);
    }

    private void visit(Frame frame) {
        int offset = frame.offset() + Frame.HEADER_BYTES;
        long next = frame.firstPosition() + frame.count();
        try {
            while (position < next) {
                int length = EventRecord.check(bytes, offset, frame.contentEnd());
                if (EventRecord.position(bytes, offset) != position) {
                    throw new EventRecord.InvalidException(
                            "an event's position is " + EventRecord.position(bytes, offset) + ", not " + position);
                }
                visitor.event(segment, position, offset);
                position++;
                offset += length;
            }
        } catch (EventRecord.InvalidException e) {
            lose(offset, e.getMessage(), next);
        }
    }

    private void lose(int offset, @Nullable String what, long next) {
        visitor.lost(segment, new Damage(segment.path(), offset, String.valueOf(what), position, next - 1));
        position = next;
    }

    /** Returns the first valid frame after {@code at} that goes on with the log; null if there is none. */
    private @Nullable Frame nextValid() {
        for (int offset = at + Frame.ALIGNMENT; offset <= bytes.limit() - Frame.HEADER_BYTES; offset += 8) {
            if (bytes.getInt(offset) == Frame.MAGIC) {
                Frame frame = Frame.read(bytes, offset, segment.header().epoch());
                if (frame != null && frame.firstPosition() >= position) {
                    return frame;
                }
            }
        }
        return null;
    }

    private int tornBytes() {
        int last = bytes.limit() - 1;
        while (last >= at && bytes.get(last) == 0) {
            last--;
        }
        return last - at + 1;
    }
}
