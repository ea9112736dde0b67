// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import leftfold.store.Direction;

/**
 * Where the events of one key stand: ordinals, ascending, counted from the first position of the {@link KeyIndex} that
 * they come from. Never changes; safe for use by many threads.
 */
interface Postings {
    /** Returns how many there are. */
    int count();

    /** Returns how many there are from {@code low} up to {@code high}, exclusive. */
    int count(int low, int high);

    /**
     * Returns the next ones, {@code from} among them, in {@code direction}, at most {@code max}; empty if there are no
     * more.
     */
    int[] page(int from, Direction direction, int max);

    /** Ascending ordinals that can be had one by one. */
    interface Indexed extends Postings {
        /** Returns the ordinal at {@code index}, below the count. */
        int get(int index);

        /** Returns the index of the first ordinal that is at least {@code ordinal}; the count if there is none. */
        default int indexOf(int ordinal) {
            int low = 0;
            int high = count();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (get(middle) < ordinal) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        @Override
        default int count(int low, int high) {
            return Math.max(0, indexOf(high) - indexOf(low));
        }

        @Override
        default int[] page(int from, Direction direction, int max) {
            if (direction == Direction.FORWARDS) {
                int start = indexOf(from);
                int[] page = new int[Math.min(max, count() - start)];
                for (int i = 0; i < page.length; i++) {
                    page[i] = get(start + i);
                }
                return page;
            }
            int end = from == Integer.MAX_VALUE ? count() : indexOf(from + 1);
            int[] page = new int[Math.min(max, end)];
            for (int i = 0; i < page.length; i++) {
                page[i] = get(end - 1 - i);
            }
            return page;
        }
    }
}
