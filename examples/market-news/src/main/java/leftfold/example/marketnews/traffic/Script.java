// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

import java.util.List;
import java.util.Random;

/**
 * A day that is being written: where its chances and ids come from, and its steps so far. Confined to one thread.
 *
 * @param random a {@link Random}, whose numbers are the same on every Java platform
 */
record Script(Random random, Ids ids, List<Step> steps) {
    private static final int PERCENT = 100;

    /** Returns true so many times in a hundred. */
    boolean chance(int percent) {
        return random.nextInt(PERCENT) < percent;
    }

    /** Returns one of {@code choices}. */
    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
