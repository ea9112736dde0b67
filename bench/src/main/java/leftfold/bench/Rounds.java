// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.util.concurrent.TimeUnit;

/**
 * How often each case is measured, and how long those that append.
 *
 * @param count how many rounds are measured
 * @param millis how long a round of appends takes
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
