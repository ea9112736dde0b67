// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.List;

/**
 * What a verification found. Immutable.
 *
 * @param events the number of events that are whole
 * @param segments the number of segment files
 * @param tornBytes bytes at the log's end of an append that was never acknowledged; they are cut when the store is
 *     opened next, and are no damage
 * @param damages everything that is damaged, in log order; empty if the store is clean
 */
public record VerifyReport(long events, int segments, int tornBytes, List<Damage> damages) {
    /** Copies. */
    public VerifyReport {
        damages = List.copyOf(damages);
    }

    /** Returns whether nothing is damaged. */
    public boolean clean() {
        return damages.isEmpty();
    }
}
