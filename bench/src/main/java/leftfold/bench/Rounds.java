// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.util.concurrent.TimeUnit;

/**
 * How often each append case runs, and how long.
 *
 * @param count how many rounds are measured; one more goes before them
 * @param millis how long a round takes
 */
record Rounds(int count, int millis) {
    long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Returns how long the disk is probed before a round. */
    long probeNanos() {
        return nanos() / 3;
    }
}
