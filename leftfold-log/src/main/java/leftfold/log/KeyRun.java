// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.UUID;
import java.util.function.IntToLongFunction;

/** One key and its events, while an index is written to a file. Confined to one thread. */
interface KeyRun {
    /** Returns the hash of the key. */
    long hash();

    Key key();

    /** Returns the version of its first event if it is a stream; else 0. */
    long firstVersion();

    /** Returns the number of its events. */
    int count();

    /** Gives where its events stand, ascending, to {@code sink}. */
    void forEachOrdinal(OrdinalSink sink) throws IOException;

    /** Returns the ids of its events, each as {@link #packedId}, in ascending order; of streams only. */
    IntToLongFunction ids();

    /** Returns the fingerprint of an id and the place of its event among the stream's, to be sorted by both. */
    static long packedId(int fingerprint, int index) {
        return (long) fingerprint << Integer.SIZE | index;
    }

    /** Returns 32 bits that depend on all of {@code id}: ids that differ in them differ. */
    static int fingerprint(UUID id) {
        return (int) Key.mix(
                id.getMostSignificantBits() * 0x9e3779b97f4a7c15L + Long.rotateLeft(id.getLeastSignificantBits(), 32));
    }

    /** Compares keys in the order in which they stand in a file: by hash, unsigned, then by kind and name. */
    static int compare(KeyRun left, KeyRun right) {
        int order = Long.compareUnsigned(left.hash(), right.hash());
        if (order != 0) {
            return order;
        }
        Key one = left.key();
        Key other = right.key();
        return one.kind() == other.kind()
                ? Arrays.compare(one.name(), other.name())
                : Integer.compare(one.kind(), other.kind());
    }

    /** Takes the ordinals of events. */
    interface OrdinalSink {
        void take(int ordinal) throws IOException;
    }

    /**
     * All keys of one index in the order of {@link #compare}.
     *
     * @param firstPosition what its ordinals count from
     */
    record Source(long firstPosition, Iterator<KeyRun> runs) {}
}
