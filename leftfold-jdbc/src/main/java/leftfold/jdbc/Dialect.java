// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.sql.Savepoint;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What differs between the databases that read models may lie in. */
enum Dialect {
    /** SQLite: one writer at a time, a file of this machine. */
    SQLITE {
        @Override
        void createTogether(Connection connection, Sql.Work create) throws Exception {
            create.run();
        }

        @Override
        void limitIdle(Connection connection) {}

        @Override
        void limitLockWait(Connection connection) {}

        @Override
        void checkWhole(Connection connection) {} // a statement that fails undoes itself alone

        @Override
        void checkOpen(Connection connection) {} // its commit says so

        @Override
        boolean exists(Connection connection, String name) throws SQLException {
            return Sql.number(connection, "SELECT COUNT(*) FROM sqlite_master WHERE name = ?", name) > 0;
        }

        @Override
        String documentTable(String table) {
            return "CREATE TABLE " + table + " (key TEXT NOT NULL PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID";
        }

        @Override
        void readDocuments(
                Connection connection, String table, Collection<String> keys, BiConsumer<String, String> found)
                throws SQLException {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT document FROM " + table + " WHERE key = ?")) {
                for (String key : keys) {
                    select.setString(1, key);
                    try (ResultSet row = select.executeQuery()) {
                        if (row.next()) {
                            found.accept(key, row.getString(1));
                        }
                    }
                }
            }
        }

        @Override
        void putDocuments(Connection connection, String table, List<String> keys, List<String> documents)
                throws SQLException {
            try (PreparedStatement put = connection.prepareStatement("INSERT INTO " + table
                    + " (key, document) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET document = excluded.document")) {
                for (int i = 0; i < keys.size(); i++) {
                    put.setString(1, keys.get(i));
                    put.setString(2, documents.get(i));
                    put.addBatch();
                }
                put.executeBatch();
            }
        }

        @Override
        void removeDocuments(Connection connection, String table, Collection<String> keys) throws SQLException {
            try (PreparedStatement remove = connection.prepareStatement("DELETE FROM " + table + " WHERE key = ?")) {
                for (String key : keys) {
                    remove.setString(1, key);
                    remove.addBatch();
                }
                remove.executeBatch();
            }
        }

        @Override
        void showView(Connection connection, String view, String table) throws SQLException {
            Sql.execute(connection, "DROP VIEW IF EXISTS " + view);
            Sql.execute(connection, "CREATE VIEW " + view + " AS SELECT * FROM " + table);
        }
    },

    /** PostgreSQL. */
    POSTGRES {
        // Of two that create what is not there at the same time, PostgreSQL lets one fail once the other has committed.
        @Override
        void createTogether(Connection connection, Sql.Work create) throws Exception {
            for (int tries = 1; ; tries++) {
                try {
                    Sql.inTransaction(connection, create);
                    return;
                } catch (SQLException e) {
                    if (tries == CREATIONS_MAX || !CREATED_MEANWHILE.contains(String.valueOf(e.getSQLState()))) {
                        throw e;
                    }
                }
            }
        }

        @Override
        void limitIdle(Connection connection) throws SQLException {
            Sql.execute(connection, "SET LOCAL idle_in_transaction_session_timeout = '5s'");
        }

        @Override
        void limitLockWait(Connection connection) throws SQLException {
            // Below deadlock_timeout (1 s): of a reader and us in each other's way, we are the one to step back.
            Sql.execute(connection, "SET LOCAL lock_timeout = '500ms'");
        }

        @Override
        void checkWhole(Connection connection) throws SQLException {
            PostgresDriver.checkWhole(connection);
        }

        @Override
        void checkOpen(Connection connection) throws SQLException {
            PostgresDriver.checkOpen(connection);
        }

        @Override
        boolean exists(Connection connection, String name) throws SQLException {
            return Sql.number(connection, "SELECT COUNT(*) WHERE to_regclass(?) IS NOT NULL", name) > 0;
        }

        @Override
        String documentTable(String table) {
            return "CREATE TABLE " + table + " (key TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, document TEXT NOT NULL)";
        }

        @Override
        void readDocuments(
                Connection connection, String table, Collection<String> keys, BiConsumer<String, String> found)
                throws SQLException {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT key, document FROM " + table + " WHERE key = ANY (?)")) {
                select.setArray(1, connection.createArrayOf("text", keys.toArray()));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.accept(row.getString(1), row.getString(2));
                    }
                }
            }
        }

        @Override
        void putDocuments(Connection connection, String table, List<String> keys, List<String> documents)
                throws SQLException {
            try (PreparedStatement put = connection.prepareStatement("INSERT INTO " + table
                    + " (key, document) SELECT * FROM unnest(?::text[], ?::text[])"
                    + " ON CONFLICT (key) DO UPDATE SET document = excluded.document")) {
                put.setArray(1, connection.createArrayOf("text", keys.toArray()));
                put.setArray(2, connection.createArrayOf("text", documents.toArray()));
                put.executeUpdate();
            }
        }

        @Override
        void removeDocuments(Connection connection, String table, Collection<String> keys) throws SQLException {
            try (PreparedStatement remove =
                    connection.prepareStatement("DELETE FROM " + table + " WHERE key = ANY (?)")) {
                remove.setArray(1, connection.createArrayOf("text", keys.toArray()));
                remove.executeUpdate();
            }
        }

        // In place where the columns allow it: grants, and views upon this one, then stay.
        @Override
        void showView(Connection connection, String view, String table) throws SQLException {
            String as = " AS SELECT * FROM " + table;
            Savepoint before = connection.setSavepoint();
            try {
                Sql.execute(connection, "CREATE OR REPLACE VIEW " + view + as);
            } catch (SQLException e) {
                if (!OTHER_COLUMNS.equals(e.getSQLState())) {
                    throw e;
                }
                connection.rollback(before);
                Sql.execute(connection, "DROP VIEW " + view);
                Sql.execute(connection, "CREATE VIEW " + view + as);
            }
        }
    };

    private static final Set<String> CREATED_MEANWHILE = Set.of("23505", "42P07", "42710"); // row, table, type
    private static final int CREATIONS_MAX = 10;
    private static final String OTHER_COLUMNS = "42P16";
    private static final Set<String> TRANSIENT_CLASSES = Set.of("08", "40", "53", "58");
    private static final String ONLY_READS = "25006"; // as a server does that was the primary, until it is left
    private static final Set<String> TRANSIENT_STATES =
            Set.of("55P03", "57P01", "57P02", "57P03", "57P05", "25P03", "25P04", ONLY_READS);
    private static final Set<Integer> SQLITE_TRANSIENT = Set.of(5, 6, 13);

    /** Returns the dialect of the database behind {@code connection}. */
    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product) {
            case "SQLite" -> SQLITE;
            case "PostgreSQL" -> POSTGRES;
            default ->
                throw new IllegalArgumentException("read models may lie in SQLite or PostgreSQL, not in " + product);
        };
    }

    /** Returns whether a failure may be over after a while, without anybody changing a program or its data. */
    static boolean isTransient(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e && isTransient(e)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTransient(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return e instanceof SQLTransientException
                || e instanceof SQLRecoverableException
                || e instanceof SQLNonTransientConnectionException
                || TRANSIENT_STATES.contains(state)
                || (state.length() == 5 && TRANSIENT_CLASSES.contains(state.substring(0, 2)))
                || (e instanceof org.sqlite.SQLiteException && SQLITE_TRANSIENT.contains(e.getErrorCode() & 0xff));
    }

    /** Creates what is not there yet, where others may be about to do the same. */
    abstract void createTogether(Connection connection, Sql.Work create) throws Exception;

    /** Makes the database end this transaction if its program stops in the middle of it, so that others get on. */
    abstract void limitIdle(Connection connection) throws SQLException;

    /** Makes this transaction fail if it has to wait for others, rather than they for it. */
    abstract void limitLockWait(Connection connection) throws SQLException;

    /** Fails if this transaction can no longer be committed, because a failed statement of it was passed over. */
    abstract void checkWhole(Connection connection) throws SQLException;

    /** As {@link #checkWhole}; fails also if this transaction was ended by one of its own statements. */
    abstract void checkOpen(Connection connection) throws SQLException;

    /** Returns whether there is a table, view or index of this name. */
    abstract boolean exists(Connection connection, String name) throws SQLException;

    /** Returns the statement that makes a table of documents. */
    abstract String documentTable(String table);

    /** Finds the documents at {@code keys}. */
    abstract void readDocuments(
            Connection connection, String table, Collection<String> keys, BiConsumer<String, String> found)
            throws SQLException;

    /** Keeps documents at keys, those of one place in both lists together; no key stands there twice. */
    abstract void putDocuments(Connection connection, String table, List<String> keys, List<String> documents)
            throws SQLException;

    /** Leaves nothing at {@code keys}. */
    abstract void removeDocuments(Connection connection, String table, Collection<String> keys) throws SQLException;

    /** Makes {@code view} show {@code table}, whatever it showed before. */
    abstract void showView(Connection connection, String view, String table) throws SQLException;
}
