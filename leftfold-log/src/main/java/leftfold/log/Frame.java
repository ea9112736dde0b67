// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * One group commit: what becomes durable together. Little-endian, a multiple of 8 bytes long:
 *
 * <pre>
 * offset  size  field
 *      0     4  magic "LFRM"
 *      4     4  CRC32C of bytes 8 to the frame's end; of kind 3 to the header's end
 *      8     4  length of the frame in bytes, padding included
 *     12     4  kind: 1 events, 2 seal, 3 events in the order of their streams
 *     16     8  the segment's epoch
 *     24     8  position of the first event; of a seal, the next segment's first position
 *     32     4  number of events; of a seal, 0
 *     36     4  length in bytes without padding
 *     40     4  of a seal, the checksum of the segment's last event record, 0 if it has none; else 0
 *     44     4  0
 *     48        event records, then zeros
 * </pre>
 *
 * A segment that was compacted has one frame of kind 3, and a seal. A seal is a segment's last frame. It is written
 * once the next segment is durable, so a sealed segment without a next one has lost it.
 *
 * @param offset where the frame begins in its segment
 */
record Frame(int offset, int length, int kind, long firstPosition, int count, int contentEnd, int closing) {
    static final int HEADER_BYTES = 48;
    static final int EVENTS = 1;
    static final int SEAL = 2;
    static final int CLUSTERED = 3;
    static final int MAGIC = 0x4d52464c;

    /** Everything in a segment begins at a multiple of this. */
    static final int ALIGNMENT = 8;

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(4_096).asReadOnlyBuffer();

    /** Returns the seal of a segment with {@code epoch} whose next one begins at {@code nextPosition}. */
    static ByteBuffer seal(long epoch, long nextPosition, int closing) {
        return headerOnly(new Frame(0, HEADER_BYTES, SEAL, nextPosition, 0, HEADER_BYTES, closing), epoch);
    }

    /**
     * Returns the seal at the end of a segment with {@code epoch}, where nothing but zeros follows it; null if there is
     * none that is whole.
     *
     * @throws InternalError if the disk cannot give the bytes
     */
    static @Nullable Frame lastSeal(ByteBuffer segment, long epoch) {
        int end = segment.limit() / ALIGNMENT * ALIGNMENT;
        while (end >= ZEROS.limit()
                && segment.slice(end - ZEROS.limit(), ZEROS.limit()).equals(ZEROS)) {
            end -= ZEROS.limit();
        }
        while (end >= ALIGNMENT && segment.getLong(end - ALIGNMENT) == 0) {
            end -= ALIGNMENT;
        }
        // Its last eight bytes are zeros where no event came before it.
        Frame frame = null;
        for (int past = 0; past <= ALIGNMENT && frame == null; past += ALIGNMENT) {
            int offset = end + past - HEADER_BYTES;
            frame = offset < SegmentHeader.BYTES ? null : read(segment, offset, epoch);
        }
        return frame == null || frame.kind != SEAL ? null : frame;
    }

    /** Returns the header of {@code frame} alone, whose checksum depends on nothing else. */
    static ByteBuffer headerOnly(Frame frame, long epoch) {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        frame.complete(bytes, epoch);
        return bytes;
    }

    /** Writes this frame's header before its content in {@code bytes}, which hold the frame and nothing else. */
    void complete(ByteBuffer bytes, long epoch) {
        bytes.putInt(0, MAGIC).putInt(8, length).putInt(12, kind).putLong(16, epoch);
        bytes.putLong(24, firstPosition)
                .putInt(32, count)
                .putInt(36, contentEnd)
                .putInt(40, closing)
                .putInt(44, 0);
        bytes.putInt(4, Checksum.of(bytes, 8, checkedLength(kind, length)));
    }

    /**
     * Returns the frame at {@code offset} of a segment with {@code epoch}; null if there is no valid one.
     *
     * @throws InternalError if the disk cannot give the bytes
     */
    static @Nullable Frame read(ByteBuffer segment, int offset, long epoch) {
        int room = segment.limit() - offset;
        if (room < HEADER_BYTES || segment.getInt(offset) != MAGIC || segment.getLong(offset + 16) != epoch) {
            return null;
        }
        int length = segment.getInt(offset + 8);
        int contentLength = segment.getInt(offset + 36);
        if (length < HEADER_BYTES
                || length > room
                || length % ALIGNMENT != 0
                || contentLength < HEADER_BYTES
                || contentLength > length
                || segment.getInt(offset + 32) < 0
                || segment.getInt(offset + 32) > (contentLength - HEADER_BYTES) / EventRecord.HEADER_BYTES
                || segment.getInt(offset + 4)
                        != Checksum.ofMapped(segment, offset + 8, checkedLength(kind(segment, offset), length))) {
            return null;
        }
        return new Frame(
                offset,
                length,
                kind(segment, offset),
                segment.getLong(offset + 24),
                segment.getInt(offset + 32),
                offset + contentLength,
                segment.getInt(offset + 40));
    }

    /** Returns the kind of the frame at {@code offset}, unchecked; 0 where there is none. */
    static int kind(ByteBuffer segment, int offset) {
        return segment.getInt(offset + 12);
    }

    /** A frame that was never a group commit can be large, and its records have checksums of their own. */
    private static int checkedLength(int kind, int length) {
        return (kind == CLUSTERED ? HEADER_BYTES : length) - 8;
    }

    /** Returns the offset of the byte after the frame. */
    int end() {
        return offset + length;
    }
}
