// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leftfold.projection.Documents;
import leftfold.projection.Projection;
import leftfold.projection.ProjectionId;
import leftfold.store.RecordedEvent;
import leftfold.subscription.HandlerException;

/**
 * A table of documents, one row each: key and text. A batch is folded in memory first, so that each document is read
 * and written once, and the transaction is short. Confined to the follower's thread.
 */
final class DocumentReadModel<D> implements ReadModel {
    private final Projection<Documents<D>> projection;
    private final DocumentCodec<D> codec;
    private final String table;
    private Map<String, DocumentPage.Change<D>> changes = Map.of();

    DocumentReadModel(Projection<Documents<D>> projection, DocumentCodec<D> codec) {
        this.projection = projection;
        this.codec = codec;
        this.table = TableName.versioned(TableName.view(projection.id()), projection.id());
    }

    @Override
    public ProjectionId id() {
        return projection.id();
    }

    @Override
    public Set<String> views() {
        return Set.of(TableName.view(projection.id()));
    }

    @Override
    public void create(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "CREATE TABLE " + table + " (key TEXT NOT NULL PRIMARY KEY, document TEXT NOT NULL)")) {
            statement.executeUpdate();
        }
    }

    @Override
    public void prepare(Connection connection, List<RecordedEvent> events) throws SQLException, HandlerException {
        try (DocumentPage<D> page = new DocumentPage<>(connection, table, codec)) {
            for (RecordedEvent event : events) {
                try {
                    projection.apply(event, page);
                } catch (DatabaseException e) {
                    throw e;
                } catch (Exception e) {
                    throw new HandlerException(event, e);
                }
            }
            changes = page.changes();
        }
    }

    @Override
    public void write(Connection connection, List<RecordedEvent> events) throws SQLException {
        try (PreparedStatement put = connection.prepareStatement("INSERT INTO " + table
                        + " (key, document) VALUES (?, ?)"
                        + " ON CONFLICT (key) DO UPDATE SET document = excluded.document");
                PreparedStatement remove = connection.prepareStatement("DELETE FROM " + table + " WHERE key = ?")) {
            for (Map.Entry<String, DocumentPage.Change<D>> change : changes.entrySet()) {
                switch (change.getValue()) {
                    case DocumentPage.Put<D>(D document) -> {
                        put.setString(1, change.getKey());
                        put.setString(2, codec.toText(document));
                        put.addBatch();
                    }
                    case DocumentPage.Remove<D>() -> {
                        remove.setString(1, change.getKey());
                        remove.addBatch();
                    }
                }
            }
            put.executeBatch();
            remove.executeBatch();
        }
    }
}
