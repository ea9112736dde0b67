// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

/**
 * For implementers: the loops of the workload over a log of a {@link Peer}. {@link PeerLog} has them for a peer in this
 * JVM; one in another process runs them there, so that talking to it costs nothing for each event.
 */
public interface PeerLoops extends AutoCloseable {
    /** How many events an append has while a log is written that is to be read. */
    int BATCH = 100;

    /** For implementers: appends that go on in the streams where they were. */
    interface Appends {
        /** Appends for {@code nanos}, and returns once every append under way is synced to the disk. */
        Measured run(long nanos) throws Exception;
    }

    /** Returns the appends of {@code load}, to streams that are not there yet. */
    Appends appends(PeerLoad load) throws Exception;

    /** Writes {@code streams} streams, from 0; every one gets one event in each of 100 turns. */
    void write(int streams) throws Exception;

    /** Reads every event, its data too, oldest first, and returns how many there are. */
    long scan() throws Exception;

    /**
     * Reads {@code reads} of the streams that were written, each at random and whole, its data too.
     *
     * @throws java.io.IOException if one does not have its 100 events
     */
    Measured readStreams(int streams, int reads) throws Exception;
}
