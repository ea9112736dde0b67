// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements in one line each. */
final class Sql {
    /** Makes something of a row. */
    interface Row<T> {
        /** Returns it. */
        T of(ResultSet row) throws SQLException;
    }

    /** What is done in a transaction. */
    interface Work {
        /** Does it. */
        void run() throws Exception;
    }

    private Sql() {}

    /** Executes a statement that returns nothing. */
    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Executes one statement and returns how many rows it changed. */
    static int update(Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, parameters);
            return statement.executeUpdate();
        }
    }

    /** Returns what {@code row} makes of each row that {@code sql} finds. */
    static <T> List<T> rows(Connection connection, String sql, Row<T> row, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, parameters);
            List<T> rows = new ArrayList<>();
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    rows.add(row.of(found));
                }
            }
            return rows;
        }
    }

    /** Returns the number in the one row that {@code sql} finds. */
    static long number(Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
        return rows(connection, sql, row -> row.getLong(1), parameters).getFirst();
    }

    /**
     * Does {@code work} in one transaction of its own; rolls back if it fails, or has passed over a failure after which
     * the database will not commit. The database ends it if this process stands still in the middle of it.
     */
    static void inTransaction(Connection connection, Work work) throws Exception {
        connection.setAutoCommit(false);
        boolean done = false;
        try {
            Dialect dialect = Dialect.of(connection);
            dialect.limitIdle(connection);
            work.run();
            dialect.checkOpen(connection);
            connection.commit();
            done = true;
        } finally {
            if (!done) {
                rollBackQuietly(connection);
            }
        }
        connection.setAutoCommit(true);
    }

    /** Rolls back what is under way: a pooled connection does not do so by being closed. */
    static void rollBackQuietly(Connection connection) {
        try {
            if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            // The failure that led here is the one to report; a broken connection cannot even be rolled back.
            return;
        }
    }

    /** Closes a connection; what goes wrong with that is of no use to anybody. */
    static void closeQuietly(Connection connection) {
        try (connection) {
            return;
        } catch (SQLException e) {
            return;
        }
    }

    private static void set(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
    }
}
