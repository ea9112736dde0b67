// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

/**
 * Events of a read that follow each other and are in one segment, by their indexes among the positions that are read.
 *
 * @param first the index of the first one
 * @param last that of the last one, inclusive
 * @param oneStream whether the read is of one stream
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Stretch(Segment segment, long[] positions, int first, int last, boolean oneStream) {
    private static final int RECORD_BYTES = 1_024; // as far as most are long

    /** Returns the stretch that begins at {@code positions[first]}, as far as it goes. */
    static Stretch of(LogIndex index, long[] positions, int first, boolean oneStream) {
        Segment segment = index.segment(positions[first]);
        int last = first;
        while (last + 1 < positions.length && segment.holds(positions[last + 1])) {
            last++;
        }
        return new Stretch(segment, positions, first, last, oneStream);
    }

    /** Returns where the first record begins. */
    int offset() {
        return segment.offset(positions[first]);
    }

    /** Looks up where the first and the last record begin, as far as {@link #rowBytes} needs it. */
    void lookUp(boolean end) {
        if (!end) {
            offset();
        } else if (!isCompacted()) {
            segment.offset(positions[last]);
        }
    }

    /**
     * Returns how many bytes the records take if they lie in a row, rather too many than too few; 0 if they do not. In
     * a compacted segment a stream does, so where its last event begins need not be looked up.
     */
    int rowBytes() {
        int steps = last - first;
        if (steps > 0 && isCompacted()) {
            return (steps + 1) * Math.min(segment.recordBytes(), RECORD_BYTES) + RECORD_BYTES;
        }
        if (steps < 2) {
            return 0;
        }
        int bytes = segment.offset(positions[last]) - offset();
        return bytes > 0 && bytes <= steps * RECORD_BYTES ? bytes + RECORD_BYTES : 0;
    }

    /** Returns whether the first and the last record are in memory, as far as {@link #rowBytes} needs them. */
    boolean endsAreLoaded() {
        return segment.isLoaded(positions[first]) && (isCompacted() || segment.isLoaded(positions[last]));
    }

    /** Returns whether {@code bytes} from the first record on are in memory. */
    boolean isLoaded(int bytes) {
        return segment.isLoaded(offset(), bytes);
    }

    /** Reads the record at {@code positions[at]} into memory. */
    void load(int at) {
        segment.load(segment.offset(positions[at]), RECORD_BYTES);
    }

    private boolean isCompacted() {
        return oneStream && positions[last] >= positions[first] && segment.isClustered();
    }
}
