// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Growing, ascending numbers. Guarded by the lock of {@link LogIndex}. */
final class IntList {
    private static final int FIRST_CAPACITY = 4;

    private int[] values = new int[FIRST_CAPACITY];
    private int size;

    /** Adds {@code value}, larger than all that are there. */
    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.max(FIRST_CAPACITY, size + (size >> 1)));
        }
        values[size++] = value;
    }

    int get(int index) {
        return values[index];
    }

    int last() {
        return values[size - 1];
    }

    int size() {
        return size;
    }

    /** Returns the index of the first value that is at least {@code value}; the size if there is none. */
    int indexOf(int value) {
        int index = Arrays.binarySearch(values, 0, size, value);
        return index < 0 ? -index - 1 : index;
    }

    /** Returns up to {@code max} values from {@code start} on. */
    IntStream slice(int start, int max) {
        return Arrays.stream(values, start, Math.min(size, start + max));
    }
}
