// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import leftfold.jdbc.DocumentCache.Entry;
import leftfold.projection.Documents;
import leftfold.projection.Effect;

/**
 * Gets documents out of the cache, and into it out of their table. Confined to the follower's thread.
 *
 * @param <D> a document
 */
record DocumentFetch<D>(DocumentCodec<D> codec, DocumentCache<D> cache, Reader reader) {
    /** Reads documents. */
    interface Reader {
        /** Returns those of the documents at {@code keys} that are there, as text. */
        Map<String, String> read(List<String> keys) throws SQLException;
    }

    /** Reads all documents at once that {@code effects} name. */
    void fetchFor(List<Effect<Documents<D>>> effects) throws SQLException {
        if (!cache.isComplete()) {
            Set<String> keys = new LinkedHashSet<>();
            effects.forEach(effect -> keys.addAll(effect.keys()));
            fetch(keys);
        }
    }

    private void fetch(Set<String> keys) throws SQLException {
        List<String> missing = new ArrayList<>();
        for (String key : keys) {
            if (DocumentPage.isKept(key) && cache.find(key) == null) {
                missing.add(key);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        missing.sort(Comparator.naturalOrder());
        Map<String, String> found = reader.read(missing);
        for (String key : missing) {
            String text = found.get(key);
            if (text == null) {
                cache.add(key, null, 0);
            } else {
                cache.add(key, codec.fromText(text), text.length());
            }
        }
    }

    /** Returns what is at a key; a handler may look at documents that it did not name beforehand. */
    Entry<D> entry(String key) {
        Entry<D> found = cache.find(key);
        return found == null ? fetched(key) : found;
    }

    private Entry<D> fetched(String key) {
        try {
            fetch(Set.of(key));
        } catch (SQLException e) {
            throw new DatabaseException("cannot read document " + key, e);
        }
        return Objects.requireNonNull(cache.find(key));
    }
}
