// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final DocumentCache<D> cache = new DocumentCache<>();
    private List<DocumentPage.Written> writes = List.of();

    DocumentReadModel(DocumentProjection<D> declared, Build build, Dialect dialect) {
        this.declared = declared;
        this.table = build.table(TableName.view(declared.id()));
        this.dialect = dialect;
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
        List<Effect<Documents<D>>> effects = new ArrayList<>(events.size());
        Set<String> keys = new LinkedHashSet<>();
        for (RecordedEvent event : events) {
            Effect<Documents<D>> effect = effect(event);
            effects.add(effect);
            if (!cache.isComplete()) {
                keys.addAll(effect.keys());
            }
        }
        DocumentPage<D> page = new DocumentPage<>(declared.codec(), cache, missing -> read(connection, missing));
        page.fetch(keys);
        for (int i = 0; i < effects.size(); i++) {
            page.apply(effects.get(i), events.get(i));
        }
        writes = page.writes();
    }

    @Override
    public void write(Connection connection, List<RecordedEvent> events) throws SQLException {
        List<String> keys = new ArrayList<>();
        List<String> documents = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        for (DocumentPage.Written written : writes) {
            String document = written.document();
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

    private Effect<Documents<D>> effect(RecordedEvent event) throws HandlerException {
        try {
            return declared.projection().effect(event);
        } catch (RuntimeException e) {
            throw new HandlerException(event, e);
        }
    }

    private Map<String, String> read(Connection connection, List<String> keys) throws SQLException {
        Map<String, String> texts = HashMap.newHashMap(keys.size());
        dialect.readDocuments(connection, table, keys, texts::put);
        return texts;
    }
}
