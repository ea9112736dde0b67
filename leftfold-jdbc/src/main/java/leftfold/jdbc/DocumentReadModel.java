// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leftfold.projection.Documents;
import leftfold.projection.Effect;
import leftfold.store.RecordedEvent;
import leftfold.subscription.HandlerException;

/**
 * A table of documents, one row each: key and text. A batch is folded in memory first, so that each document is read
 * and written once, all together, and the transaction is short. Confined to the follower's thread.
 */
final class DocumentReadModel<D> implements ReadModel {
    private final DocumentProjection<D> declared;
    private final String table;
    private final Dialect dialect;
    private final FoldThreads threads;
    private final DocumentCache<D> cache = new DocumentCache<>();
    private List<DocumentPage.Written<D>> writes = List.of();

    DocumentReadModel(DocumentProjection<D> declared, Build build, Dialect dialect, FoldThreads threads) {
        this.declared = declared;
        this.table = build.table(TableName.view(declared.id()));
        this.dialect = dialect;
        this.threads = threads;
    }

    @Override
    public void create(Connection connection) throws SQLException {
        Sql.execute(connection, dialect.documentTable(table));
    }

    @Override
    public void begin(boolean empty) {
        cache.clear(empty);
    }

    @Override
    public void prepare(Connection connection, List<RecordedEvent> events) throws SQLException, HandlerException {
        DocumentFetch<D> fetch = new DocumentFetch<>(declared.codec(), cache, missing -> read(connection, missing));
        List<DocumentPage.Written<D>> made = threads.count() > 1 && events.size() > 1
                ? new ParallelFold<>(declared, fetch, threads).fold(events)
                : fold(fetch, events);
        for (DocumentPage.Written<D> written : made) {
            String text = written.text();
            cache.weigh(written.entry(), text == null ? 0 : text.length());
        }
        cache.trim();
        // The order of keys is the one in which a database is quickest.
        made.sort(Comparator.comparing(DocumentPage.Written::key));
        writes = made;
    }

    private List<DocumentPage.Written<D>> fold(DocumentFetch<D> fetch, List<RecordedEvent> events)
            throws SQLException, HandlerException {
        List<Effect<Documents<D>>> effects = effects(declared, events);
        fetch.fetchFor(effects);
        DocumentPage<D> page = new DocumentPage<>(declared.codec(), fetch::entry);
        for (int i = 0; i < effects.size(); i++) {
            page.apply(effects.get(i), events.get(i));
        }
        return page.writes();
    }

    /** Returns what {@code events} do. */
    static <D> List<Effect<Documents<D>>> effects(DocumentProjection<D> declared, List<RecordedEvent> events)
            throws HandlerException {
        List<Effect<Documents<D>>> effects = new ArrayList<>(events.size());
        for (RecordedEvent event : events) {
            try {
                effects.add(declared.projection().effect(event));
            } catch (Throwable e) {
                throw ReadModel.failed(event, e);
            }
        }
        return effects;
    }

    @Override
    public void write(Connection connection, List<RecordedEvent> events) throws SQLException {
        List<String> keys = new ArrayList<>();
        List<String> documents = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        for (DocumentPage.Written<D> written : writes) {
            String document = written.text();
            if (document == null) {
                removed.add(written.key());
            } else {
                keys.add(written.key());
                documents.add(document);
            }
        }
        if (!keys.isEmpty()) {
            dialect.putDocuments(connection, table, keys, documents);
        }
        if (!removed.isEmpty()) {
            dialect.removeDocuments(connection, table, removed);
        }
    }

    private Map<String, String> read(Connection connection, List<String> keys) throws SQLException {
        Map<String, String> texts = HashMap.newHashMap(keys.size());
        dialect.readDocuments(connection, table, keys, texts::put);
        return texts;
    }
}
