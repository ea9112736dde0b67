// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/** Statements without parameters, on a connection that somebody else opens and closes. */
final class Statements {
    private Statements() {}

    /** Runs {@code sql}, which may be several statements. */
    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false); // braces are PostgreSQL's own
            statement.execute(sql);
        }
    }

    /**
     * Waits for the log's lock, for {@code seconds} at most, and takes it: nobody else appends until the transaction of
     * {@code connection} ends.
     */
    static void lockLog(Connection connection, int seconds) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(seconds);
            statement.execute("SELECT 1 FROM leftfold_log FOR UPDATE");
        }
    }

    /**
     * Fails if a commit was confirmed that no standby has, though synchronous replication is on: a server whose wait
     * for one is canceled, as by a timeout, says so in a warning and calls the transaction committed.
     */
    static void checkReplicated(@Nullable SQLWarning first) throws SQLException {
        for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
            ServerErrorMessage said = warning instanceof PSQLWarning psql ? psql.getServerErrorMessage() : null;
            if (said != null && "SyncRepWaitForLSN".equals(said.getRoutine())) { // the text may be in any language
                throw new SQLException(
                        "no standby is known to have what was committed: " + warning.getMessage(),
                        Failure.COMPLETION_UNKNOWN);
            }
        }
    }

    /** Rolls back what is under way; a connection that cannot even do that is gone, and the transaction with it. */
    static void rollBackQuietly(Connection connection) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            return; // the failure that led here is the one to report
        }
    }
}
