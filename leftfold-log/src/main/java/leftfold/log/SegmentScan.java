// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.nio.ByteBuffer;
import java.util.Arrays;
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
    private static final int PAGE_BYTES = 4_096; // what the disk cannot give is passed over in steps of this

    private final Segment segment;
    private final ByteBuffer bytes;
    private final Visitor visitor;
    private int at = SegmentHeader.BYTES;
    private long position;
    private @Nullable Frame lastFrame;
    private int unreadable; // the first offset behind the last frame where the disk gives nothing; 0 if none is known

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
            unreadable = 0;
            Frame frame = frame(at);
            if (frame == null || frame.firstPosition() != position) {
                frame = nextValid();
                if (frame == null) {
                    return end();
                }
                if (frame.firstPosition() > position) {
                    boolean readable = unreadable == 0 || unreadable > frame.offset();
                    String what = readable ? "there is no valid frame here" : Damage.UNREADABLE;
                    salvage(what + "; the next valid frame is at byte " + frame.offset(), frame);
                }
            }
            switch (frame.kind()) {
                case Frame.EVENTS -> visit(frame);
                case Frame.CLUSTERED -> visitClustered(frame);
                case Frame.SEAL -> {}
                default ->
                    lose(
                            frame.offset(),
                            "the frame here is of kind " + frame.kind() + ", which no writer writes",
                            position + frame.count());
            }
            lastFrame = frame;
            at = frame.end();
        }
        return new Result(at, lastFrame, 0);
    }

    /** Returns what was found, behind the last valid frame. */
    private Result end() {
        int tornBytes = tornBytes();
        if (unreadable == 0) {
            return new Result(at, lastFrame, tornBytes);
        }
        String what = Damage.UNREADABLE; // it may be of an append that was acknowledged, so it is not to be cut
        visitor.lost(segment, new Damage(segment.path(), unreadable, what, position, Long.MAX_VALUE));
        return new Result(at, lastFrame, 0);
    }

    /** Returns the frame at {@code offset}; null if there is no valid one, or the disk cannot give it. */
    private @Nullable Frame frame(int offset) {
        try {
            return Frame.read(bytes, offset, segment.header().epoch());
        } catch (InternalError e) {
            addUnreadable(offset);
            return null;
        }
    }

    private void addUnreadable(int offset) {
        unreadable = unreadable == 0 ? offset : Math.min(unreadable, offset);
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
        } catch (InternalError e) {
            lose(offset, Damage.UNREADABLE, next);
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
            try {
                long ordinal = EventRecord.position(bytes, offset) - position;
                if (ordinal >= 0 && ordinal < count) {
                    length = EventRecord.check(bytes, offset, to);
                    offsets[(int) ordinal] = offset;
                }
            } catch (EventRecord.InvalidException e) {
                length = Frame.ALIGNMENT; // what looked like a record is none, or is damaged
            } catch (InternalError e) {
                length = toNextPage(offset);
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
        int offset = at + Frame.ALIGNMENT;
        while (offset <= bytes.limit() - Frame.HEADER_BYTES) {
            int length = Frame.ALIGNMENT;
            try {
                Frame frame = bytes.getInt(offset) == Frame.MAGIC ? frame(offset) : null;
                if (frame != null && frame.firstPosition() >= position && frame.firstPosition() <= positionMax()) {
                    return frame;
                }
            } catch (InternalError e) {
                addUnreadable(offset);
                length = toNextPage(offset);
            }
            offset += length;
        }
        return null;
    }

    private static int toNextPage(int offset) {
        return PAGE_BYTES - offset % PAGE_BYTES;
    }

    /** Returns a position that no frame here can begin after: no segment has room for more events. */
    private long positionMax() {
        return segment.firstPosition() + bytes.limit() / EventRecord.HEADER_BYTES;
    }

    /** Returns how many bytes there are up to the last one that is not zero. */
    private int tornBytes() {
        int end = at;
        byte[] zeros = new byte[ZEROS_BYTES];
        byte[] piece = new byte[ZEROS_BYTES];
        for (int start = at; start < bytes.limit(); start += ZEROS_BYTES) {
            int length = Math.min(ZEROS_BYTES, bytes.limit() - start);
            try {
                bytes.get(start, piece, 0, length);
            } catch (InternalError e) {
                addUnreadable(start);
                end = start + length;
                continue;
            }
            if (!Arrays.equals(piece, 0, length, zeros, 0, length)) {
                end = start + length;
                while (piece[end - 1 - start] == 0) {
                    end--;
                }
            }
        }
        return end - at;
    }
}
