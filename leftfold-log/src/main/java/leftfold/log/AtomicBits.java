// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** Bits that are only ever set. Safe for use by many threads, each of which may learn late of what another one set. */
final class AtomicBits {
    private final AtomicIntegerArray words;

    AtomicBits(int size) {
        words = new AtomicIntegerArray(size / Integer.SIZE + 1);
    }

    boolean get(int index) {
        return (words.getPlain(index / Integer.SIZE) & 1 << (index % Integer.SIZE)) != 0;
    }

    void set(int index) {
        int bit = 1 << (index % Integer.SIZE);
        words.getAndUpdate(index / Integer.SIZE, bits -> bits | bit);
    }
}
