// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads events into memory side by side: first where they begin, then their records, those that lie next to each other
 * at once. Confined to one thread.
 */
final class PageReads {
    private static final int RECORD_BYTES = 1_024; // as far as most are long
    private static final int READ_BYTES_MAX = 1 << 20;

    private final List<Run> runs = new ArrayList<>();
    private final List<Run> reads = new ArrayList<>();
    private final long[] positions;

    /** Some of the positions, in one segment; both ends are inclusive. */
    private record Run(Segment segment, int first, int last) {}

    /** Will read the events at {@code positions}, which are ordered, from index {@code from} on. */
    PageReads(LogIndex index, long[] positions, int from) {
        this.positions = positions;
        for (int first = from; first < positions.length; ) {
            Segment segment = index.segment(positions[first]);
            int last = segment.last(positions, first);
            runs.add(new Run(segment, first, last));
            first = last + 1;
        }
    }

    /** Returns whether {@code steps} records behind the one at an offset end so near that those between do too. */
    static boolean isRun(int offset, int lastOffset, int steps) {
        return steps > 1 && lastOffset > offset && lastOffset - offset <= (long) steps * RECORD_BYTES;
    }

    /** Reads them. Whatever fails, fails later, when the bytes are used. */
    void read() {
        PageLoader.together(2 * runs.size(), i -> {
            Run run = runs.get(i / 2);
            run.segment.offset(positions[i % 2 == 0 ? run.first : run.last]);
        });
        for (Run run : runs) {
            int offset = run.segment.offset(positions[run.first]);
            int lastOffset = run.segment.offset(positions[run.last]);
            if (isRun(offset, lastOffset, run.last - run.first) && lastOffset - offset < READ_BYTES_MAX) {
                reads.add(run);
            } else {
                for (int i = run.first; i <= run.last; i++) {
                    reads.add(new Run(run.segment, i, i));
                }
            }
        }
        PageLoader.together(reads.size(), i -> {
            Run run = reads.get(i);
            int offset = run.segment.offset(positions[run.first]);
            run.segment.load(offset, run.segment.offset(positions[run.last]) - offset + RECORD_BYTES);
        });
    }
}
