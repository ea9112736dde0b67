// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.util.List;

/** For implementers: a log of a {@link Peer}. Safe for use by many threads. */
public interface PeerLog extends AutoCloseable {
    /** Appends {@code events} and returns once they are synced to the disk, as far as the peer can do that. */
    void append(List<PeerEvent> events) throws Exception;

    /** Reads every event, its data too, oldest first, and returns how many there are. */
    long scan() throws Exception;

    /** Reads every event of one stream, its data too, and returns how many there are. */
    default int readStream(long stream) throws Exception {
        throw new UnsupportedOperationException("this peer has no streams");
    }
}
