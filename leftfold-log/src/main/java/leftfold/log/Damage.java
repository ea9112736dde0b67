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
    /**
     * What is wrong where a mapped file gives an {@link InternalError}, as of a bad block. Compiled code can get the
     * error a little later than it asked for the bytes; then nothing tells the place, or the error itself comes out.
     */
    static final String UNREADABLE = "the disk cannot give the bytes here";

    /** Returns which positions are lost, and where a read can go on, as a part of a sentence. */
    public String positions() {
        if (lastPosition < firstPosition) {
            return "no positions";
        }
        return lastPosition == Long.MAX_VALUE
                ? "all positions from " + firstPosition + " on; restore a backup"
                : "positions " + firstPosition + " to " + lastPosition + "; read on from " + (lastPosition + 1)
                        + ", or restore a backup";
    }

    /** Returns the damage as one line. */
    @Override
    public String toString() {
        return file + " is damaged at byte " + offset + ": " + what + "; lost are " + positions();
    }
}
