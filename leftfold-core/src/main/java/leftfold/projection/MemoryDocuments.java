// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Documents in this process's memory. Confined to one thread.
 *
 * @param <D> a document, immutable
 */
public final class MemoryDocuments<D> implements Documents<D> {
    private final Map<String, D> documents = new HashMap<>();

    /** Creates an empty read model. */
    public MemoryDocuments() {}

    @Override
    public @Nullable D get(String key) {
        return documents.get(key);
    }

    @Override
    public void put(String key, D document) {
        documents.put(key, document);
    }

    @Override
    public void remove(String key) {
        documents.remove(key);
    }

    /** Returns a copy of all documents, in the order of their keys. */
    public SortedMap<String, D> all() {
        return new TreeMap<>(documents);
    }
}
