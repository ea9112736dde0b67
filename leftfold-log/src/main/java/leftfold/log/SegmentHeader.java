// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The head of a segment file. Little-endian; frames begin at byte {@value #BYTES}, so that no write of a frame touches
 * the header's sectors:
 *
 * <pre>
 * offset  size  field
 *      0     8  magic "LFSEGMNT"
 *      8     4  format version, {@value StoreHeader#FORMAT_VERSION}
 *     12     4  segment number, from 1
 *     16    16  id of the log (UUID, most significant half first)
 *     32     8  epoch: random, stands in every frame of this segment and of no other
 *     40     8  position of its first event
 *     48     8  size of the file in bytes
 *     56     4  number of the last segment that this one took the place of; its own number if of none
 *     60     4  0
 *     64     8  lineage: the epochs of those segments, combined by exclusive or; its own epoch if of none
 *     72     4  CRC32C of bytes 0 to 71
 * </pre>
 */
record SegmentHeader(UUID logId, int number, long epoch, long firstPosition, long size, int lastNumber, long lineage) {
    static final int BYTES = 4_096;
    private static final long MAGIC = 0x544e4d474553464cL;
    private static final int CRC_OFFSET = 72;

    /** Returns the header of a new segment. */
    static SegmentHeader of(UUID logId, int number, long epoch, long firstPosition, long size) {
        return new SegmentHeader(logId, number, epoch, firstPosition, size, number, epoch);
    }

    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, MAGIC).putInt(8, StoreHeader.FORMAT_VERSION).putInt(12, number);
        bytes.putLong(16, logId.getMostSignificantBits()).putLong(24, logId.getLeastSignificantBits());
        bytes.putLong(32, epoch).putLong(40, firstPosition).putLong(48, size);
        bytes.putInt(56, lastNumber).putLong(64, lineage);
        bytes.putInt(CRC_OFFSET, Checksum.of(bytes, 0, CRC_OFFSET));
        return bytes;
    }

    /** Returns the header at the start of {@code bytes}; null if there is no valid one. */
    static @Nullable SegmentHeader decode(ByteBuffer bytes) {
        if (bytes.limit() < BYTES
                || bytes.getLong(0) != MAGIC
                || bytes.getInt(8) != StoreHeader.FORMAT_VERSION
                || bytes.getInt(CRC_OFFSET) != Checksum.of(bytes, 0, CRC_OFFSET)) {
            return null;
        }
        UUID logId = new UUID(bytes.getLong(16), bytes.getLong(24));
        return new SegmentHeader(
                logId,
                bytes.getInt(12),
                bytes.getLong(32),
                bytes.getLong(40),
                bytes.getLong(48),
                bytes.getInt(56),
                bytes.getLong(64));
    }
}
