// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * How an embedded log keeps its files, and where time and chance come from. Immutable; the defaults fit most.
 *
 * @param segmentBytesFirst the size of the first segment file; each next one is twice as large
 * @param segmentBytesMax the size at which segments stop growing; a larger append gets a larger segment
 * @param frameAlignment each group commit ends at a multiple of this many bytes: 8, or the sector size of a disk
 *     on which a torn write can destroy the neighbours in its sector
 * @param clock tells when events are recorded
 * @param random draws the log's id and the segments' epochs
 */
public record LogOptions(
        int segmentBytesFirst, int segmentBytesMax, int frameAlignment, InstantSource clock, RandomGenerator random) {
    private static final int SEGMENT_BYTES_MIN = 2 * SegmentHeader.BYTES;
    private static final int SEGMENT_BYTES_LIMIT = 1 << 30;

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if a segment is to be smaller than 8 KiB or larger than 1 GiB, or the alignment
     *     is not 8 to 4,096 in powers of two
     */
    public LogOptions {
        if (segmentBytesFirst < SEGMENT_BYTES_MIN
                || segmentBytesMax < segmentBytesFirst
                || segmentBytesMax > SEGMENT_BYTES_LIMIT) {
            throw new IllegalArgumentException("segments are 8 KiB to 1 GiB, the first not larger than the others, not "
                    + segmentBytesFirst + " to " + segmentBytesMax + " bytes");
        }
        if (Integer.bitCount(frameAlignment) != 1
                || frameAlignment < Frame.ALIGNMENT
                || frameAlignment > SegmentHeader.BYTES) {
            throw new IllegalArgumentException("frames align to 8, 16, … 4096 bytes, not " + frameAlignment);
        }
    }

    /** Returns what suits most: segments of 4 to 128 MiB, no padding, the system's clock. */
    public static LogOptions defaults() {
        return new LogOptions(4 << 20, 128 << 20, Frame.ALIGNMENT, InstantSource.system(), new SecureRandom());
    }

    /** Returns the same with another clock. */
    public LogOptions withClock(InstantSource other) {
        return new LogOptions(segmentBytesFirst, segmentBytesMax, frameAlignment, other, random);
    }

    /** Returns the same with other sizes of segments. */
    public LogOptions withSegmentBytes(int first, int max) {
        return new LogOptions(first, max, frameAlignment, clock, random);
    }

    /** Returns the same with another alignment of group commits. */
    public LogOptions withFrameAlignment(int bytes) {
        return new LogOptions(segmentBytesFirst, segmentBytesMax, bytes, clock, random);
    }
}
