// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.UUID;
import java.util.function.LongPredicate;
import leftfold.store.StreamId;

/**
 * Where each event id of each stream stands: 64-bit hashes to positions, by open addressing. Different ids may share a
 * hash, so whoever looks one up compares the event itself. Guarded by the lock of {@link LogIndex}.
 */
final class IdTable {
    private static final int FIRST_CAPACITY = 1_024;

    private long[] hashes = new long[FIRST_CAPACITY];
    private long[] positions = new long[FIRST_CAPACITY];
    private int size;

    /** Adds an id that is not there yet. */
    void add(StreamId stream, UUID id, long position) {
        if (size * 3L > hashes.length * 2L) {
            grow();
        }
        put(hash(stream, id), position);
        size++;
    }

    /** Returns the first position under the id's hash that {@code isIt} accepts; 0 if there is none. */
    long find(StreamId stream, UUID id, LongPredicate isIt) {
        long hash = hash(stream, id);
        int mask = hashes.length - 1;
        for (int slot = (int) hash & mask; positions[slot] != 0; slot = (slot + 1) & mask) {
            if (hashes[slot] == hash && isIt.test(positions[slot])) {
                return positions[slot];
            }
        }
        return 0;
    }

    private void put(long hash, long position) {
        int mask = hashes.length - 1;
        int slot = (int) hash & mask;
        while (positions[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        hashes[slot] = hash;
        positions[slot] = position;
    }

    private void grow() {
        long[] oldHashes = hashes;
        long[] oldPositions = positions;
        long[] newHashes = new long[oldHashes.length * 2];
        long[] newPositions = new long[oldHashes.length * 2];
        hashes = newHashes; // both or, if memory is short, none: readers go on with the table as it was
        positions = newPositions;
        for (int slot = 0; slot < oldHashes.length; slot++) {
            if (oldPositions[slot] != 0) {
                put(oldHashes[slot], oldPositions[slot]);
            }
        }
    }

    /** Returns a hash whose bits all depend on all of the id and the stream (finalizer of MurmurHash3). */
    private static long hash(StreamId stream, UUID id) {
        long hash = id.getMostSignificantBits() * 0x9e3779b97f4a7c15L
                + Long.rotateLeft(id.getLeastSignificantBits(), 32) * 0xc2b2ae3d27d4eb4fL
                + stream.value().hashCode();
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
