// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads events into memory side by side: first where they begin, then their records, those that lie next to each other
 * at once. Confined to one thread.
 */
final class PageReads {
    private static final int READ_BYTES_MAX = 1 << 20;

    private final List<Stretch> stretches = new ArrayList<>();
    private final List<Runnable> reads = new ArrayList<>();

    /** Will read the events at {@code positions} from index {@code from} on, of one stream or of several. */
    PageReads(LogIndex index, long[] positions, int from, boolean oneStream) {
        for (int first = from; first < positions.length; ) {
            Stretch stretch = Stretch.of(index, positions, first, oneStream);
            stretches.add(stretch);
            first = stretch.last() + 1;
        }
    }

    /** Reads them. Whatever fails, fails later, when the bytes are used. */
    void read() {
        PageLoader.together(2 * stretches.size(), i -> stretches.get(i / 2).lookUp(i % 2 == 1));
        for (Stretch stretch : stretches) {
            int row = stretch.rowBytes();
            if (row > 0 && row < READ_BYTES_MAX) {
                reads.add(() -> stretch.segment().load(stretch.offset(), row));
            } else {
                for (int i = stretch.first(); i <= stretch.last(); i++) {
                    int at = i;
                    reads.add(() -> stretch.load(at));
                }
            }
        }
        PageLoader.together(reads.size(), i -> reads.get(i).run());
    }
}
