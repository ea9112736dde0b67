// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;
import leftfold.store.Direction;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * The ordinals of a record of a {@link KeyTable}, as a bitmap at {@code start} of its file. Its bytes were checked
 * before they are read here, but the disk may not give again what it gave then, and a mistake may have written them:
 * both are damage of the file.
 */
record OrdinalsBitmap(IndexFile file, int start, ImmutableRoaringBitmap bitmap, int count) implements KeyTable.Written {
    private static final int PAGE = 4_096; // as many are read at once

    static OrdinalsBitmap of(IndexFile file, int start, int length, int count) {
        return reading(
                file,
                start,
                () -> new OrdinalsBitmap(file, start, new ImmutableRoaringBitmap(file.slice(start, length)), count));
    }

    private static <T> T reading(IndexFile file, int start, Supplier<T> read) {
        try {
            return read.get();
        } catch (InternalError | RuntimeException e) { // the library's own where the bytes are no bitmap
            throw new IndexFile.DamagedException(file, start);
        }
    }

    @Override
    public int count(int low, int high) {
        return low < high ? reading(file, start, () -> (int) bitmap.rangeCardinality(low, high)) : 0;
    }

    @Override
    public int[] page(int from, Direction direction, int max) {
        return reading(file, start, () -> pageOf(from, direction, max));
    }

    /** Gives all ordinals to {@code sink}, ascending. */
    void forEach(KeyRun.OrdinalSink sink) throws IOException {
        int[] page;
        int from = 0;
        do {
            page = page(from, Direction.FORWARDS, PAGE);
            for (int ordinal : page) {
                sink.take(ordinal);
                from = ordinal + 1;
            }
        } while (page.length == PAGE);
    }

    private int[] pageOf(int from, Direction direction, int max) {
        PeekableIntIterator iterator =
                direction == Direction.FORWARDS ? bitmap.getIntIterator() : bitmap.getReverseIntIterator();
        iterator.advanceIfNeeded(from);
        int[] page = new int[max];
        int length = 0;
        while (length < max && iterator.hasNext()) {
            page[length++] = iterator.next();
        }
        return Arrays.copyOf(page, length);
    }
}
