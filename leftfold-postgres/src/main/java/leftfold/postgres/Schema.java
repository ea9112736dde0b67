// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import leftfold.store.StoreException;

/** Leftfold's tables: made and brought up to date by numbered files, each once and in a transaction of its own. */
final class Schema {
    private static final List<String> FILES = List.of("001_log.sql", "002_outbox.sql");
    private static final Set<String> MADE_ALREADY = Set.of("42P07", "42710", "42723"); // table, type, function
    private static final int TRIES = 10;

    private final DataSource database;
    private final int answerMillis;

    /** Prepares to look at the tables in {@code database}; each of its answers may take so long at most. */
    Schema(DataSource database, int answerMillis) {
        this.database = database;
        this.answerMillis = answerMillis;
    }

    /**
     * Makes what is not there yet. Several processes may do so at the same time.
     *
     * @throws StoreException.CannotOpen if the schema is a newer Leftfold's, or what is missing cannot be made
     */
    void upgrade() {
        try (Connection connection = database.getConnection();
                AnswerLimit limit = AnswerLimit.on(connection, answerMillis)) {
            connection.setAutoCommit(true); // whatever the pool's default is
            check(connection);
            int applied = applied(connection);
            for (int tries = 1; applied < FILES.size(); tries++) {
                try {
                    upgrade(connection);
                    applied = applied(connection);
                } catch (SQLException e) {
                    if (tries == TRIES || !isRace(e)) {
                        throw Failure.of(e) == Failure.REFUSED ? cannotMake(e, applied) : e;
                    }
                    connection.rollback();
                }
            }
            if (applied > FILES.size()) {
                throw cannotOpen("its tables are of a newer Leftfold (" + applied + ", this one knows " + FILES.size()
                        + "); update the program");
            }
        } catch (SQLException e) {
            throw new StoreException.CannotOpen("cannot open the log: " + Failure.describe(e), e);
        }
    }

    /**
     * Returns whether there is a log; nothing is changed.
     *
     * @throws StoreException.CannotOpen if the database does not answer
     */
    boolean exists() {
        try (Connection connection = database.getConnection();
                AnswerLimit limit = AnswerLimit.on(connection, answerMillis)) {
            return applied(connection) > 0;
        } catch (SQLException e) {
            throw new StoreException.CannotOpen("cannot open the log: " + Failure.describe(e), e);
        }
    }

    private static void check(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        if (!product.equals("PostgreSQL")) {
            throw cannotOpen("the database is " + product + ", not PostgreSQL");
        }
        String encoding = text(connection, "SHOW server_encoding");
        if (!encoding.equals("UTF8")) {
            throw cannotOpen("the database's encoding is " + encoding + "; create one with ENCODING 'UTF8'");
        }
    }

    /** Returns how many files have been applied; 0 if there are no tables. */
    private static int applied(Connection connection) throws SQLException {
        return isThere(connection)
                ? Integer.parseInt(text(connection, "SELECT coalesce(max(number), 0) FROM leftfold_migrations"))
                : 0;
    }

    private static boolean isThere(Connection connection) throws SQLException {
        return text(connection, "SELECT to_regclass('leftfold_migrations') IS NOT NULL")
                .equals("t");
    }

    /**
     * Lets what the transaction of {@code connection} makes lie in the schema of Leftfold's tables, which need not be
     * the first one of search_path.
     */
    static void enter(Connection connection) throws SQLException {
        Statements.execute(
                connection,
                "SELECT set_config('search_path', relnamespace::regnamespace || ', ' || current_setting('search_path'),"
                        + " true) FROM pg_class WHERE oid = to_regclass('leftfold_migrations')");
    }

    private static void upgrade(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        if (!isThere(connection)) { // in whichever schema of search_path
            Statements.execute(
                    connection,
                    "CREATE TABLE IF NOT EXISTS leftfold_migrations (number int PRIMARY KEY, name text NOT NULL,"
                            + " applied timestamptz NOT NULL DEFAULT now())");
        }
        connection.commit();
        enter(connection);
        Statements.execute(connection, "LOCK TABLE leftfold_migrations IN EXCLUSIVE MODE");
        int next = applied(connection);
        if (next < FILES.size()) {
            String file = FILES.get(next);
            Statements.execute(connection, read(file));
            Statements.execute(
                    connection, "INSERT INTO leftfold_migrations VALUES (%d, '%s')".formatted(next + 1, file));
        }
        connection.commit();
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static String read(String file) {
        try (InputStream in = Objects.requireNonNull(Schema.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns whether another process has just made the same. */
    static boolean isRace(SQLException e) {
        return Failure.of(e) == Failure.RETRY || MADE_ALREADY.contains(String.valueOf(e.getSQLState()));
    }

    private static SQLException cannotMake(SQLException e, int applied) {
        String what = applied == 0
                ? "it has no tables yet: open it once as a role that may create them in the first schema of"
                        + " search_path, which is to exist"
                : "its tables are of an older Leftfold (" + applied + ", this one knows " + FILES.size()
                        + "): open it once as the role that owns them";
        return new SQLException(Failure.line(e) + "; " + what, null, e);
    }

    private static StoreException cannotOpen(String why) {
        return new StoreException.CannotOpen("cannot open the log: " + why, null);
    }
}
