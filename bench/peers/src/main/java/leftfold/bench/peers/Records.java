// SPDX-License-Identifier: Apache-2.0
package leftfold.bench.peers;

import java.nio.ByteBuffer;
import leftfold.bench.PeerEvent;

/** An event as bytes, for peers that keep bytes: stream (8), version (4), data. */
final class Records {
    static final int HEAD_BYTES = Long.BYTES + Integer.BYTES;

    private Records() {}

    static byte[] bytes(PeerEvent event) {
        return ByteBuffer.allocate(HEAD_BYTES + event.data().length)
                .putLong(event.stream())
                .putInt(event.version())
                .put(event.data())
                .array();
    }

    /** Returns the key of a place in a stream; keys of one stream stand together, in order. */
    static byte[] key(char kind, long stream, int version) {
        return ByteBuffer.allocate(1 + HEAD_BYTES)
                .put((byte) kind)
                .putLong(stream)
                .putInt(version)
                .array();
    }

    /** Returns the key of a position in the log; keys stand in the order of positions. */
    static byte[] key(char kind, long position) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put((byte) kind)
                .putLong(position)
                .array();
    }
}
