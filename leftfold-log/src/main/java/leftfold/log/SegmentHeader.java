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
 *     56     4  last number: of the last segment that this one took the place of; its own number if of none
 *     60     4  previous checksum: that of the last event's record in the segment before; 0 if there is none
 *     64     8  lineage: the epochs of those segments, and of all but the last the checksums of their last records,
 *               combined by exclusive or; its own epoch if of none
 *     72     8  last epoch: that of the last one of those segments; its own epoch if of none
 *     80     8  previous epoch: the last epoch of the segment before; 0 in the first
 *     88     4  CRC32C of bytes 0 to 87
 * </pre>
 */
record SegmentHeader(UUID logId, long firstPosition, long size, long epoch, Previous previous, Numbers numbers) {
    static final int BYTES = 4_096;
    private static final long MAGIC = 0x544e4d474553464cL;
    private static final int CRC_OFFSET = 88;

    /** More have no room in a file's name. */
    private static final int NUMBER_MAX = 999_999;

    /** Which segment this is, and which ones it took the place of. */
    record Numbers(int first, int last, long lineage, long lastEpoch) {}

    /** Which segment comes before this one, and which of its copies: those of a backup go on differently. */
    record Previous(long epoch, int checksum) {
        static final Previous NONE = new Previous(0, 0);
    }

    /** Returns the header of the first segment of a log. */
    static SegmentHeader first(UUID logId, long epoch, long size) {
        return new SegmentHeader(logId, 1, size, epoch, Previous.NONE, new Numbers(1, 1, epoch, epoch));
    }

    /** Returns the header of a new segment behind this one, whose last event's record has {@code checksum}. */
    SegmentHeader next(int checksum, long nextEpoch, long nextPosition, long nextSize) {
        int number = lastNumber() + 1;
        return new SegmentHeader(
                logId,
                nextPosition,
                nextSize,
                nextEpoch,
                new Previous(lastEpoch(), checksum),
                new Numbers(number, number, nextEpoch, nextEpoch));
    }

    int number() {
        return numbers.first();
    }

    int lastNumber() {
        return numbers.last();
    }

    long lineage() {
        return numbers.lineage();
    }

    long lastEpoch() {
        return numbers.lastEpoch();
    }

    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, MAGIC).putInt(8, StoreHeader.FORMAT_VERSION).putInt(12, number());
        bytes.putLong(16, logId.getMostSignificantBits()).putLong(24, logId.getLeastSignificantBits());
        bytes.putLong(32, epoch).putLong(40, firstPosition).putLong(48, size);
        bytes.putInt(56, lastNumber()).putLong(64, lineage()).putLong(72, lastEpoch());
        bytes.putInt(60, previous.checksum()).putLong(80, previous.epoch());
        bytes.putInt(CRC_OFFSET, Checksum.of(bytes, 0, CRC_OFFSET));
        return bytes;
    }

    /** Returns the format version that the header in {@code bytes} says; 0 if there is no header that is whole. */
    static int formatVersion(ByteBuffer bytes) {
        if (bytes.limit() < BYTES
                || bytes.getLong(0) != MAGIC
                || bytes.getInt(CRC_OFFSET) != Checksum.of(bytes, 0, CRC_OFFSET)) {
            return 0;
        }
        return bytes.getInt(8);
    }

    /** Returns the header at the start of {@code bytes}; null if there is no valid one. */
    static @Nullable SegmentHeader decode(ByteBuffer bytes) {
        if (formatVersion(bytes) != StoreHeader.FORMAT_VERSION) {
            return null;
        }
        int number = bytes.getInt(12);
        int lastNumber = bytes.getInt(56);
        if (number < 1 || lastNumber < number || lastNumber > NUMBER_MAX || bytes.getLong(40) < 1) {
            return null;
        }
        return new SegmentHeader(
                new UUID(bytes.getLong(16), bytes.getLong(24)),
                bytes.getLong(40),
                bytes.getLong(48),
                bytes.getLong(32),
                new Previous(bytes.getLong(80), bytes.getInt(60)),
                new Numbers(number, lastNumber, bytes.getLong(64), bytes.getLong(72)));
    }
}
