// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

/**
 * How a case of peers appends.
 *
 * @param writers how many, each waiting for its append before the next
 * @param events how many an append has, all for one stream
 * @param firstStream the number of the first of {@link #STREAMS} streams that the writers share out
 */
public record PeerLoad(int writers, int events, int firstStream) {
    /** How many streams the appends of a case fall on, at random. */
    public static final int STREAMS = 1_000_000;

    /** Returns how many streams each writer has for itself. */
    public int streamsOfWriter() {
        return STREAMS / writers;
    }
}
