// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import leftfold.store.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Documents as their table has them, those used last: nobody else writes to it. Emptied after every failure. Confined
 * to the follower's thread.
 */
final class DocumentCache<D> {
    /** One character of keys and documents is kept for so many bytes of the heap; with all around, a tenth of it. */
    private static final long HEAP_PART = 32;

    private static final int ENTRY_CHARS = 64;

    /** What is at a key. */
    static final class Entry<D> {
        final String key;

        /** Null if there is none. */
        @Nullable D document;

        /** The last event that changed it since it was written; null if none did. */
        @Nullable RecordedEvent changedBy;

        private int chars;

        private Entry(String key, @Nullable D document) {
            this.key = key;
            this.document = document;
        }
    }

    private final long charsMax;
    private final Map<String, Entry<D>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private boolean complete;
    private long chars;

    DocumentCache() {
        this(Runtime.getRuntime().maxMemory() / HEAP_PART);
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

    /** Returns whether everything that the table has is here. */
    boolean isComplete() {
        return complete;
    }

    /** Returns what is at {@code key}; null if that is not known. */
    @Nullable Entry<D> find(String key) {
        Entry<D> entry = entries.get(key);
        return entry == null && complete ? add(key, null, 0) : entry;
    }

    /** Keeps what is at a key that was not known; {@code size} is how many characters the document has. */
    Entry<D> add(String key, @Nullable D document, int size) {
        Entry<D> entry = new Entry<>(key, document);
        entries.put(key, entry);
        weigh(entry, size);
        return entry;
    }

    /** Notes how many characters a document has. */
    void weigh(Entry<D> entry, int size) {
        int weight = ENTRY_CHARS + entry.key.length() + size;
        chars += weight - entry.chars;
        entry.chars = weight;
    }

    /** Forgets what was not used for the longest time, where it is too much. */
    void trim() {
        Iterator<Entry<D>> oldest = entries.values().iterator();
        while (chars > charsMax && oldest.hasNext()) {
            chars -= oldest.next().chars;
            oldest.remove();
            complete = false;
        }
    }
}
