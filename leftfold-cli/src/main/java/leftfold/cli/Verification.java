// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.List;

/**
 * What a check of a store's files found. Immutable.
 *
 * @param events how many events are readable
 * @param segments how many files hold them
 * @param damages empty if every checksum and every index is right
 */
record Verification(long events, int segments, List<Damage> damages) {
    /** Copies. */
    Verification {
        damages = List.copyOf(damages);
    }

    /**
     * One damaged place.
     *
     * @param offset where it begins, in bytes from the file's start
     * @param what what was expected and what was found
     */
    record Damage(String file, long offset, String what) {}
}
