// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import leftfold.jdbc.DocumentCache.Entry;
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
        Map<String, String> read(List<String> keys) throws SQLException;
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
    private final List<Entry<D>> changed = new ArrayList<>();
    private @Nullable RecordedEvent event;
    private @Nullable Entry<D> last; // a document that is looked at is as a rule changed next

    DocumentPage(DocumentCodec<D> codec, DocumentCache<D> cache, Reader reader) {
        this.codec = codec;
        this.cache = cache;
        this.reader = reader;
    }

    /** Reads all documents at {@code keys} at once. */
    void fetch(Set<String> keys) throws SQLException {
        List<String> missing = new ArrayList<>();
        for (String key : keys) {
            if (key.indexOf('\0') < 0 && cache.find(key) == null) {
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

    /** Returns what is to be written, each key once, in the order of keys, in which a database is quickest. */
    List<Written> writes() throws HandlerException {
        List<Written> writes = new ArrayList<>(changed.size());
        for (Entry<D> entry : changed) {
            RecordedEvent because = entry.changedBy;
            entry.changedBy = null;
            D document = entry.document;
            String text = document == null || because == null ? null : text(document, because);
            cache.weigh(entry, text == null ? 0 : text.length());
            writes.add(new Written(entry.key, text));
        }
        cache.trim();
        writes.sort(Comparator.comparing(Written::key));
        return writes;
    }

    @Override
    public @Nullable D get(String key) {
        return entry(key).document;
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
        Entry<D> entry = entry(key);
        entry.document = document;
        if (entry.changedBy == null) {
            changed.add(entry);
        }
        entry.changedBy = event;
    }

    private Entry<D> entry(String key) {
        if (key.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a document's key has a NUL character, which databases do not keep");
        }
        Entry<D> before = last;
        if (before != null && before.key.equals(key)) {
            return before;
        }
        Entry<D> found = cache.find(key);
        Entry<D> entry = found == null ? fetched(key) : found;
        last = entry;
        return entry;
    }

    /** A handler may look at documents that it did not name beforehand. */
    private Entry<D> fetched(String key) {
        try {
            fetch(Set.of(key));
        } catch (SQLException e) {
            throw new DatabaseException("cannot read document " + key, e);
        }
        return Objects.requireNonNull(cache.find(key));
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
