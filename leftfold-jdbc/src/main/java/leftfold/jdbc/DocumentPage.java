// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leftfold.projection.Documents;
import leftfold.projection.Effect;
import leftfold.store.RecordedEvent;
import leftfold.subscription.HandlerException;
import org.jspecify.annotations.Nullable;

/** The documents that one batch touches, changed in memory only. Confined to the follower's thread. */
final class DocumentPage<D> implements Documents<D> {
    /** Reads documents. */
    interface Reader {
        /** Returns those of the documents at {@code keys} that are there, as text. */
        Map<String, String> read(Set<String> keys) throws SQLException;
    }

    /**
     * What is to be written at a key.
     *
     * @param document null if nothing is left there
     */
    record Written(String key, @Nullable String document) {}

    private final DocumentCodec<D> codec;
    private final DocumentCache<D> cache;
    private final Reader reader;
    private final Map<String, RecordedEvent> changed = new LinkedHashMap<>();
    private @Nullable RecordedEvent event;

    DocumentPage(DocumentCodec<D> codec, DocumentCache<D> cache, Reader reader) {
        this.codec = codec;
        this.cache = cache;
        this.reader = reader;
    }

    /** Reads all documents at {@code keys} at once. */
    void fetch(Set<String> keys) throws SQLException {
        Set<String> missing = new LinkedHashSet<>();
        for (String key : keys) {
            if (!cache.knows(key)) {
                missing.add(key);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        Map<String, String> found = reader.read(missing);
        for (String key : missing) {
            String text = found.get(key);
            if (text == null) {
                cache.put(key, null, 0);
            } else {
                cache.put(key, codec.fromText(text), text.length());
            }
        }
    }

    /** Lets an event do what it does. */
    void apply(Effect<Documents<D>> effect, RecordedEvent because) throws HandlerException, SQLException {
        event = because;
        try {
            effect.apply(this);
        } catch (DatabaseException e) {
            throw e.failure();
        } catch (Exception e) {
            throw new HandlerException(because, e);
        }
    }

    /** Returns what is to be written, each key once, in the order of first changes. */
    List<Written> writes() throws HandlerException {
        List<Written> writes = new ArrayList<>(changed.size());
        for (Map.Entry<String, RecordedEvent> change : changed.entrySet()) {
            String key = change.getKey();
            D document = cache.get(key);
            String text = document == null ? null : text(document, change.getValue());
            cache.put(key, document, text == null ? 0 : text.length());
            writes.add(new Written(key, text));
        }
        cache.trim();
        return writes;
    }

    @Override
    public @Nullable D get(String key) {
        if (!cache.knows(key)) {
            try {
                fetch(Set.of(key));
            } catch (SQLException e) {
                throw new DatabaseException("cannot read document " + key, e);
            }
        }
        return cache.get(key);
    }

    @Override
    public void put(String key, D document) {
        if (document == null) {
            throw new IllegalArgumentException("the document to keep at " + key + " is null; remove it instead");
        }
        change(key, document);
    }

    @Override
    public void remove(String key) {
        change(key, null);
    }

    private void change(String key, @Nullable D document) {
        if (key.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a document's key has a NUL character, which databases do not keep");
        }
        RecordedEvent because = event;
        if (because != null) {
            cache.put(key, document, 0);
            changed.put(key, because);
        }
    }

    private String text(D document, RecordedEvent because) throws HandlerException {
        try {
            String text = codec.toText(document);
            if (text == null || text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("the codec made " + (text == null ? "null" : "a NUL character")
                        + " of a document, which databases do not keep");
            }
            return text;
        } catch (RuntimeException e) {
            throw new HandlerException(because, e);
        }
    }
}
