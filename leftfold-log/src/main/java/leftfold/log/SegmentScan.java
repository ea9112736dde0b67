// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.nio.ByteBuffer;
import java.util.stream.IntStream;
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

    private static final int ZEROS_BYTES = 64 * 1_024;

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
                if (frame.firstPosition() > position) {
                    salvage("no valid frame here, but one at byte " + frame.offset(), frame);
                }
            }
            switch (frame.kind()) {
                case Frame.EVENTS -> visit(frame);
                case Frame.CLUSTERED -> visitClustered(frame);
                default -> {}
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

    /** Visits the events of a frame in which they do not stand in the order of their positions. */
    private void visitClustered(Frame frame) {
        long next = frame.firstPosition() + Math.max(0, frame.count());
        String what = "no whole event in this frame has this position";
        visit(offsets(frame.offset() + Frame.HEADER_BYTES, frame.contentEnd(), next), what, next);
    }

    /** Visits what is whole of a damaged frame before {@code next}; the events have checksums of their own. */
    private void salvage(String what, Frame next) {
        int[] offsets = offsets(at, next.offset(), next.firstPosition());
        if (IntStream.of(offsets).allMatch(offset -> offset > 0)) {
            lose(at, what, position); // no event, but the frame is damaged
        }
        visit(offsets, what, next.firstPosition());
    }

    /**
     * Visits the events at {@code offsets}, which are those of the next positions; 0 stands for one that is lost, and
     * so are those beyond, up to {@code next}.
     */
    private void visit(int[] offsets, String what, long next) {
        for (int i = 0; i < offsets.length; i++) {
            if (offsets[i] != 0) {
                visitor.event(segment, position, offsets[i]);
                position++;
            } else {
                int end = i + 1;
                while (end < offsets.length && offsets[end] == 0) {
                    end++;
                }
                lose(at, what, position + end - i);
                i = end - 1;
            }
        }
        if (position < next) {
            lose(at, what, next);
        }
    }

    /** Returns where the records of the positions up to {@code next} begin that are whole between two offsets. */
    private int[] offsets(int from, int to, long next) {
        int count = (int) Math.min(next - position, (to - from) / EventRecord.HEADER_BYTES); // no more have room there
        int[] offsets = new int[count];
        int offset = from;
        while (offset <= to - EventRecord.HEADER_BYTES) {
            int length = Frame.ALIGNMENT;
            long ordinal = EventRecord.position(bytes, offset) - position;
            if (ordinal >= 0 && ordinal < count) {
                try {
                    length = EventRecord.check(bytes, offset, to);
                    offsets[(int) ordinal] = offset;
                } catch (EventRecord.InvalidException e) {
                    length = Frame.ALIGNMENT; // what looked like a record is none, or is damaged
                }
            }
            offset += length;
        }
        return offsets;
    }

    private void lose(int offset, @Nullable String what, long next) {
        visitor.lost(segment, new Damage(segment.path(), offset, String.valueOf(what), position, next - 1));
        position = next;
    }

    /** Returns the first valid frame after {@code at} that goes on with the log; null if there is none. */
    private @Nullable Frame nextValid() {
        if (tornBytes() == 0) {
            return null; // zeros to the end, the usual case
        }
        for (int offset = at + Frame.ALIGNMENT; offset <= bytes.limit() - Frame.HEADER_BYTES; offset += 8) {
            if (bytes.getInt(offset) == Frame.MAGIC) {
                Frame frame = Frame.read(bytes, offset, segment.header().epoch());
                if (frame != null && frame.firstPosition() >= position && frame.firstPosition() <= positionMax()) {
                    return frame;
                }
            }
        }
        return null;
    }

    /** Returns a position that no frame here can begin after: no segment has room for more events. */
    private long positionMax() {
        return segment.firstPosition() + bytes.limit() / EventRecord.HEADER_BYTES;
    }

    /** Returns how many bytes there are up to the last one that is not zero. */
    private int tornBytes() {
        int end = at;
        ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
        for (int start = at; start < bytes.limit(); start += ZEROS_BYTES) {
            int length = Math.min(ZEROS_BYTES, bytes.limit() - start);
            if (!bytes.slice(start, length).equals(zeros.slice(0, length))) {
                end = start + length;
                while (bytes.get(end - 1) == 0) {
                    end--;
                }
            }
        }
        return end - at;
    }
}
