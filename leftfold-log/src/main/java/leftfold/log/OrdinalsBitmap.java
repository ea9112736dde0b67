// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.Arrays;
import java.util.function.Supplier;
import leftfold.store.Direction;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * The ordinals of a record of a {@link KeyTable}, as a bitmap at {@code start} of its file. Its bytes were checked
 * before they are read here, but the disk may not give again what it gave then: that is damage of the file.
 */
record OrdinalsBitmap(IndexFile file, int start, ImmutableRoaringBitmap bitmap, int count) implements KeyTable.Written {
    static OrdinalsBitmap of(IndexFile file, int start, int length, int count) {
        return reading(
                file,
                start,
                () -> new OrdinalsBitmap(file, start, new ImmutableRoaringBitmap(file.slice(start, length)), count));
    }

    private static <T> T reading(IndexFile file, int start, Supplier<T> read) {
        try {
            return read.get();
        } catch (InternalError e) {
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
