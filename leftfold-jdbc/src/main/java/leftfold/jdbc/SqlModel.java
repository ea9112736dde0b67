// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the handlers of a {@link SqlProjection} write to: its tables, in the transaction that also moves its checkpoint.
 * Confined to the handler that got it, and to its call.
 */
public final class SqlModel implements AutoCloseable {
    private final Connection connection;
    private final Build build;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    SqlModel(Connection connection, Build build) {
        this.connection = connection;
        this.build = build;
    }

    /** Returns the connection, in its transaction; to a handler it refuses to commit or to roll back. */
    public Connection connection() {
        return connection;
    }

    /**
     * Returns the name under which this build of the projection has its table {@code name}, such as {@code feed_v2} for
     * {@code feed}; the same for indexes.
     *
     * @throws IllegalArgumentException if {@code name} is not lower-case letters, digits and {@code _}
     */
    public String table(String name) {
        return build.table(TableName.check(name));
    }

    /**
     * Executes one statement and returns how many rows it changed.
     *
     * @param parameters for its question marks, in order: null, text, numbers, booleans or byte arrays
     * @throws SQLException of the database
     */
    public int update(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement.executeUpdate();
    }

    /** Closes the statements; the connection stays open. */
    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : statements.values()) {
            statement.close();
        }
        statements.clear();
    }
}
