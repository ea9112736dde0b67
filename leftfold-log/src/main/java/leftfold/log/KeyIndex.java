// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import org.jspecify.annotations.Nullable;

/**
 * Where the events of a range of positions stand, by stream, category, type and tag: of one segment in memory, or of
 * many in a file. Derived from the segments. Safe for use by many threads.
 */
sealed interface KeyIndex extends PositionList.Positioned permits MemoryIndex, KeyTable {
    /** Returns the position after the range, as far as readers may see it. */
    long nextPosition();

    /** Returns where the events of {@code key} stand; null if there are none. Not for streams. */
    @Nullable Postings find(Key key);

    /** Returns a number that stands for the stream {@code key} here; -1 if it has no events here. */
    int locate(Key key);

    /** Returns the events of the stream that {@link #locate} has found. */
    StreamPart stream(int located);

    /** Returns the events of the stream {@code key}; null if there are none. */
    default @Nullable StreamPart stream(Key key) {
        int located = locate(key);
        return located < 0 ? null : stream(located);
    }
}
