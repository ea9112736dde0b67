// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Documents as their table has them, those used last: nobody else writes to it. Emptied after every failure. Confined to
 * the follower's thread.
 */
final class DocumentCache<D> {
    /** About how many characters of keys and documents are kept. */
    static final long CHARS_MAX = 16_000_000;

    private static final int ENTRY_CHARS = 64;

    /** What is at a key; no document if none is. */
    private record Entry<D>(@Nullable D document, int chars) {}

    private final long charsMax;
    private final Map<String, Entry<D>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private boolean complete;
    private long chars;

    DocumentCache() {
        this(CHARS_MAX);
    }

    DocumentCache(long charsMax) {
        this.charsMax = charsMax;
    }

    /** Forgets everything; {@code empty} says that the table is empty, so that whatever is not here is nowhere. */
    void clear(boolean empty) {
        entries.clear();
        chars = 0;
        complete = empty;
    }

    /** Returns whether it is known what is at {@code key}. */
    boolean knows(String key) {
        return complete || entries.containsKey(key);
    }

    /** Returns the document at {@code key}; null if there is none, or it is not known. */
    @Nullable D get(String key) {
        Entry<D> entry = entries.get(key);
        return entry == null ? null : entry.document();
    }

    /** Keeps what is at {@code key}; {@code size} is how many characters the document has. */
    void put(String key, @Nullable D document, int size) {
        int weight = ENTRY_CHARS + key.length() + size;
        Entry<D> before = entries.put(key, new Entry<>(document, weight));
        chars += weight - (before == null ? 0 : before.chars());
    }

    /** Forgets what was not used for the longest time, where it is too much. */
    void trim() {
        Iterator<Entry<D>> oldest = entries.values().iterator();
        while (chars > charsMax && oldest.hasNext()) {
            chars -= oldest.next().chars();
            oldest.remove();
            complete = false;
        }
    }
}
