// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import leftfold.store.StreamId;
import leftfold.store.Tag;

/**
 * What the index looks events up by. Immutable.
 *
 * @param kind one of the constants; the same name of another kind is another key
 * @param name in UTF-8
 * @param hash of kind and name
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a record
record Key(int kind, byte[] name, long hash) {
    static final int STREAM = 1;
    static final int CATEGORY = 2;
    static final int TYPE = 3;
    static final int TAG = 4;

    /** The first event of every stream; the name is empty. */
    static final int FIRST = 5;

    /** Turns kind and name into 64 bits that all depend on all of them. */
    interface Hash {
        /** The one in use; others are for tests. */
        Hash STANDARD = Key::mixed;

        /** Returns the hash of the first {@code length} bytes of {@code name}. */
        long of(int kind, byte[] name, int length);

        /** Returns a number that tells this hash from others. */
        default long fingerprint() {
            return of(TYPE, "fingerprint".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 11);
        }

        default Key key(int kind, String name) {
            byte[] bytes = FrameBuffer.utf8(name);
            return new Key(kind, bytes, of(kind, bytes, bytes.length));
        }

        default Key stream(StreamId stream) {
            return key(STREAM, stream.value());
        }

        default Key tag(Tag tag) {
            return key(TAG, tag.toString());
        }

        default Key first() {
            return key(FIRST, "");
        }
    }

    /** Returns a hash of the first {@code length} bytes, eight at a time (finalizer of MurmurHash3 after each). */
    private static long mixed(int kind, byte[] name, int length) {
        long hash = mix(kind + 0x9e3779b97f4a7c15L * (length + 1L));
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            hash = mix(hash ^ (long) LittleEndian.LONG.get(name, at));
        }
        long rest = 0;
        for (; at < length; at++) {
            rest = rest << 8 | (name[at] & 0xff);
        }
        return mix(hash ^ rest);
    }

    /** Returns {@code value} with each bit spread over all (finalizer of MurmurHash3). */
    static long mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
