// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import leftfold.projection.Documents;
import org.jspecify.annotations.Nullable;

/**
 * The documents that one batch touches: read from their table when first asked for, changed in memory only. Confined to
 * the follower's thread.
 */
final class DocumentPage<D> implements Documents<D>, AutoCloseable {
    /** What a batch does to one document. */
    sealed interface Change<D> {}

    /** The document is kept. */
    record Put<D>(D document) implements Change<D> {}

    /** No document is left. */
    record Remove<D>() implements Change<D> {}

    private final PreparedStatement select;
    private final DocumentCodec<D> codec;
    private final Map<String, @Nullable D> read = new HashMap<>();
    private final Map<String, Change<D>> changes = new LinkedHashMap<>();

    DocumentPage(Connection connection, String table, DocumentCodec<D> codec) throws SQLException {
        this.select = connection.prepareStatement("SELECT document FROM " + table + " WHERE key = ?");
        this.codec = codec;
    }

    /** Returns what is to be written, by key, in the order of first changes. */
    Map<String, Change<D>> changes() {
        return changes;
    }

    @Override
    public @Nullable D get(String key) {
        Change<D> change = changes.get(key);
        return switch (change) {
            case null -> read.computeIfAbsent(key, this::select);
            case Put<D>(D document) -> document;
            case Remove<D>() -> null;
        };
    }

    @Override
    public void put(String key, D document) {
        changes.put(key, new Put<>(document));
    }

    @Override
    public void remove(String key) {
        changes.put(key, new Remove<>());
    }

    @Override
    public void close() throws SQLException {
        select.close();
    }

    private @Nullable D select(String key) {
        try {
            select.setString(1, key);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? codec.fromText(row.getString(1)) : null;
            }
        } catch (SQLException e) {
            throw new DatabaseException("cannot read document " + key, e);
        }
    }
}
