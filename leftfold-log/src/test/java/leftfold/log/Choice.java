// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Decides what a simulated disk leaves open: by chance, or one case after the other until all were had. */
interface Choice {
    /** Returns a number from 0 to {@code cases} - 1. */
    int of(int cases);

    /** Returns a choice by chance. */
    static Choice random(RandomGenerator random) {
        return random::nextInt;
    }

    /** Every case, if what asks makes the same choices after the same answers. Confined to one thread. */
    final class All implements Choice {
        private final List<int[]> taken = new ArrayList<>(); // each the answer, and the number of cases
        private int next;

        @Override
        public int of(int cases) {
            if (next == taken.size()) {
                taken.add(new int[] {0, cases});
            }
            return taken.get(next++)[0];
        }

        /** Goes on to the next case; returns false if there is none. */
        boolean advance() {
            next = 0;
            while (!taken.isEmpty()) {
                int[] last = taken.getLast();
                if (++last[0] < last[1]) {
                    return true;
                }
                taken.removeLast();
            }
            return false;
        }

        /** Returns how many cases there are, judged by the one at hand. */
        long cases() {
            return taken.stream().mapToLong(one -> one[1]).reduce(1, (a, b) -> Math.min(a * b, Integer.MAX_VALUE));
        }
    }
}
