// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import leftfold.jdbc.DocumentCache.Entry;
import leftfold.projection.Documents;
import leftfold.projection.Effect;
import leftfold.store.RecordedEvent;
import leftfold.subscription.HandlerException;
import org.jspecify.annotations.Nullable;

/**
 * The documents that one batch touches, or one thread's part of them, changed in memory only. Confined to one thread.
 */
final class DocumentPage<D> implements Documents<D> {
    /**
     * What is to be written at a key.
     *
     * @param text null if nothing is left there
     */
    record Written<D>(Entry<D> entry, @Nullable String text) {
        /** Returns the key. */
        String key() {
            return entry.key;
        }
    }

    private final DocumentCodec<D> codec;
    private final Function<String, Entry<D>> documents;
    private final List<Entry<D>> changed = new ArrayList<>();
    private @Nullable RecordedEvent event;
    private @Nullable Entry<D> last; // a document that is looked at is as a rule changed next

    /** Creates the page with nothing changed yet; {@code documents} knows what is at a key. */
    DocumentPage(DocumentCodec<D> codec, Function<String, Entry<D>> documents) {
        this.codec = codec;
        this.documents = documents;
    }

    /** Returns whether a database keeps something at {@code key}. */
    static boolean isKept(String key) {
        return key.indexOf('\0') < 0;
    }

    /** Lets an event do what it does. */
    void apply(Effect<Documents<D>> effect, RecordedEvent because) throws HandlerException, SQLException {
        event = because;
        try {
            effect.apply(this);
        } catch (DatabaseException e) {
            throw e.failure();
        } catch (Throwable e) {
            throw ReadModel.failed(because, e);
        }
    }

    /** Returns what is to be written, each key once. */
    List<Written<D>> writes() throws HandlerException {
        List<Written<D>> writes = new ArrayList<>(changed.size());
        for (Entry<D> entry : changed) {
            RecordedEvent because = entry.changedBy;
            entry.changedBy = null;
            D document = entry.document;
            writes.add(new Written<>(entry, document == null || because == null ? null : text(document, because)));
        }
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
        if (!isKept(key)) {
            throw new IllegalArgumentException("a document's key has a NUL character, which databases do not keep");
        }
        Entry<D> before = last;
        if (before != null && before.key.equals(key)) {
            return before;
        }
        Entry<D> entry = documents.apply(key);
        last = entry;
        return entry;
    }

    private String text(D document, RecordedEvent because) throws HandlerException {
        try {
            String text = codec.toText(document);
            if (text == null || text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("the codec made " + (text == null ? "null" : "a NUL character")
                        + " of a document, which databases do not keep");
            }
            return text;
        } catch (Throwable e) {
            throw ReadModel.failed(because, e);
        }
    }
}
