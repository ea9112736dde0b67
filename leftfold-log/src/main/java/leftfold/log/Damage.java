// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

/**
 * Bytes of a store that are not what was written. Immutable.
 *
 * @param file the damaged or missing file
 * @param offset where the damage begins, in bytes from the file's start
 * @param what what was expected and what was found
 * @param firstPosition the first position that is lost to it
 * @param lastPosition the last position that may be lost to it; {@link Long#MAX_VALUE} if that cannot be known
 */
public record Damage(String file, long offset, String what, long firstPosition, long lastPosition) {
    /** Returns the damage as one line. */
    @Override
    public String toString() {
        String last = lastPosition == Long.MAX_VALUE ? "the end" : Long.toString(lastPosition);
        return file + " is damaged at byte " + offset + ": " + what + " (positions " + firstPosition + " to " + last
                + ")";
    }
}
