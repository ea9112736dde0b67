// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What covers a range of positions each, in the order of positions. A change replaces the whole list, so that who looks
 * at it sees it before or after. Safe for use by many threads.
 */
final class PositionList<T extends PositionList.Positioned> {
    /** Something that begins at a position. */
    interface Positioned {
        /** Returns the first position of its range. */
        long firstPosition();
    }

    private final ReentrantLock changing = new ReentrantLock();
    private volatile List<T> all = List.of();

    /** Returns what is there now. */
    List<T> all() {
        return all;
    }

    /** Adds what follows. */
    void add(T next) {
        changing.lock();
        try {
            List<T> more = new ArrayList<>(all);
            more.add(next);
            all = List.copyOf(more);
        } finally {
            changing.unlock();
        }
    }

    /** Puts {@code replacement} in the place of what covers the same positions. */
    void replace(List<? extends T> old, List<? extends T> replacement) {
        changing.lock();
        try {
            List<T> others = new ArrayList<>(all);
            int at = others.indexOf(old.getFirst());
            others.subList(at, at + old.size()).clear();
            others.addAll(at, replacement);
            all = List.copyOf(others);
        } finally {
            changing.unlock();
        }
    }

    /** Returns the index in {@code list} of what covers {@code position}, or of the nearest. */
    static int indexOf(List<? extends Positioned> list, long position) {
        int low = 0;
        int high = list.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (list.get(middle).firstPosition() <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
