// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.util.PSQLState;

/**
 * What PostgreSQL's own driver knows of a transaction, without asking the server. Programs may use another driver; that
 * one is then not asked.
 */
final class PostgresDriver {
    private static final boolean IS_HERE = isHere();

    private PostgresDriver() {}

    /**
     * Fails if a statement of the transaction has failed, whose exception was passed over: asked to commit it, the
     * server would roll back, and the driver would say nothing.
     */
    static void checkWhole(Connection connection) throws SQLException {
        if (IS_HERE && isIn(connection, TransactionState.FAILED)) {
            throw new SQLException(
                    "a statement of it failed and was passed over; let its exception out, or set a savepoint before",
                    PSQLState.IN_FAILED_SQL_TRANSACTION.getState());
        }
    }

    /** As {@link #checkWhole}; fails also if there is no transaction any more that could be committed. */
    static void checkOpen(Connection connection) throws SQLException {
        checkWhole(connection);
        if (IS_HERE && isIn(connection, TransactionState.IDLE)) {
            throw new SQLException(
                    "it was ended by a statement of its own, COMMIT or ROLLBACK",
                    PSQLState.NO_ACTIVE_SQL_TRANSACTION.getState());
        }
    }

    private static boolean isIn(Connection connection, TransactionState state) throws SQLException {
        return connection.isWrapperFor(BaseConnection.class)
                && connection.unwrap(BaseConnection.class).getTransactionState() == state;
    }

    private static boolean isHere() {
        try {
            Class.forName("org.postgresql.core.BaseConnection", false, PostgresDriver.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
