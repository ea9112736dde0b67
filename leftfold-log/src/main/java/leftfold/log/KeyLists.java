// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.Arrays;

/**
 * Keys, numbered from 0 as they come, and for each an ascending list of numbers; compact, for a million keys. Confined
 * to one thread at a time; what {@link #list} returns never changes and is safe for all who got it in order.
 */
final class KeyLists {
    private static final int CAPACITY_FIRST = 64;

    private int[] slots = new int[2 * CAPACITY_FIRST]; // key + 1, by open addressing
    private long[] hashes = new long[CAPACITY_FIRST];
    private byte[] kinds = new byte[CAPACITY_FIRST];
    private int[] nameEnds = new int[CAPACITY_FIRST];
    private byte[] names = new byte[16 * CAPACITY_FIRST];
    private int[] starts = new int[CAPACITY_FIRST];
    private int[] counts = new int[CAPACITY_FIRST];
    private int keys;
    private int[] values = new int[CAPACITY_FIRST]; // a list begins at its start, and moves to double its room
    private int valuesEnd;

    /** Returns the number of keys. */
    int size() {
        return keys;
    }

    /** Returns the key's number; -1 if it is not there. */
    int find(int kind, byte[] name, int length, long hash) {
        int mask = slots.length - 1;
        for (int slot = (int) hash & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
            int key = slots[slot] - 1;
            if (hashes[key] == hash && is(key, kind, name, length)) {
                return key;
            }
        }
        return -1;
    }

    /** Returns the key's number, a new one if it was not there. */
    int findOrAdd(int kind, byte[] name, int length, long hash) {
        int found = find(kind, name, length, hash);
        return found >= 0 ? found : add(kind, name, length, hash);
    }

    /** Adds {@code value}, larger than all in the list, to the key's list. */
    void append(int key, int value) {
        int count = counts[key];
        if ((count & (count - 1)) == 0) { // full: room is 0 or a power of two
            int room = count == 0 ? 1 : 2 * count;
            int start = valuesEnd;
            values = withRoom(values, start + room);
            System.arraycopy(values, starts[key], values, start, count);
            starts[key] = start;
            valuesEnd = start + room;
        }
        values[starts[key] + count] = value;
        counts[key] = count + 1;
    }

    /** Returns the length of the key's list. */
    int count(int key) {
        return counts[key];
    }

    /** Returns the number at {@code index} of the key's list. */
    int get(int key, int index) {
        return values[starts[key] + index];
    }

    /** Returns the index of {@code value}, which is there, in the key's list. */
    int indexOf(int key, int value) {
        return Arrays.binarySearch(values, starts[key], starts[key] + counts[key], value) - starts[key];
    }

    long hash(int key) {
        return hashes[key];
    }

    int kind(int key) {
        return kinds[key];
    }

    byte[] name(int key) {
        return Arrays.copyOfRange(names, nameStart(key), nameEnds[key]);
    }

    /** Returns the key's list as it is now. */
    List list(int key) {
        return new List(values, starts[key], counts[key]);
    }

    /** A list as it was: what is added later goes behind it, or to another place. */
    @SuppressWarnings("ArrayRecordComponent")
    record List(int[] values, int start, int count) implements Postings.Indexed {
        @Override
        public int get(int index) {
            return values[start + index];
        }
    }

    private int add(int kind, byte[] name, int length, long hash) {
        if (keys == hashes.length) {
            grow();
        }
        int key = keys++;
        int nameStart = nameStart(key);
        if (nameStart + length > names.length) {
            names = Arrays.copyOf(names, Math.max(nameStart + length, 2 * names.length));
        }
        System.arraycopy(name, 0, names, nameStart, length);
        nameEnds[key] = nameStart + length;
        hashes[key] = hash;
        kinds[key] = (byte) kind;
        put(key);
        return key;
    }

    private void grow() {
        int capacity = 2 * keys;
        hashes = Arrays.copyOf(hashes, capacity);
        kinds = Arrays.copyOf(kinds, capacity);
        nameEnds = Arrays.copyOf(nameEnds, capacity);
        starts = Arrays.copyOf(starts, capacity);
        counts = Arrays.copyOf(counts, capacity);
        slots = new int[2 * capacity];
        for (int key = 0; key < keys; key++) {
            put(key);
        }
    }

    private void put(int key) {
        int mask = slots.length - 1;
        int slot = (int) hashes[key] & mask;
        while (slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        slots[slot] = key + 1;
    }

    private boolean is(int key, int kind, byte[] name, int length) {
        return kinds[key] == kind && Arrays.equals(names, nameStart(key), nameEnds[key], name, 0, length);
    }

    private int nameStart(int key) {
        return key == 0 ? 0 : nameEnds[key - 1];
    }

    static int[] withRoom(int[] array, int length) {
        return length <= array.length ? array : Arrays.copyOf(array, Math.max(length, 2 * array.length));
    }
}
