// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.util.PSQLState;

/**
 * What PostgreSQL's own driver knows of a transaction, without asking the server. Programs may use another driver; that
 * one is then not asked. For implementers. Safe for use by many threads, each with a connection of its own.
 */
public final class PostgresDriver {
    private static final boolean IS_HERE = isHere();

    private PostgresDriver() {}

    /**
     * Fails if a statement of the transaction has failed, whose exception was passed over: asked to commit it, the
     * server would roll back, and the driver would say nothing.
     */
    static void checkWhole(Connection connection) throws SQLException {
        TransactionState state = state(connection);
        if (state != null && state == TransactionState.FAILED) { // its class may not be there
            throw failed();
        }
    }

    /** As {@link #checkWhole}; fails also if there is no transaction any more that could be committed. */
    static void checkOpen(Connection connection) throws SQLException {
        TransactionState state = state(connection);
        if (state != null) {
            checkOpen(state);
        }
    }

    /**
     * Fails if a transaction in {@code state} cannot be committed. Asked to commit one in which a statement failed, the
     * server rolls back, and its driver says nothing.
     *
     * @throws SQLException with the state that the server would give, 25P02 or 25P01; nothing was committed or rolled
     *     back
     */
    public static void checkOpen(TransactionState state) throws SQLException {
        if (state == TransactionState.FAILED) {
            throw failed();
        } else if (state == TransactionState.IDLE) {
            throw new SQLException(
                    "it was ended by a statement of its own, COMMIT or ROLLBACK",
                    PSQLState.NO_ACTIVE_SQL_TRANSACTION.getState());
        }
    }

    private static SQLException failed() {
        return new SQLException(
                "a statement of it failed and was passed over; let its exception out, or set a savepoint before",
                PSQLState.IN_FAILED_SQL_TRANSACTION.getState());
    }

    /** Returns the state of the transaction; null if another driver made the connection. */
    private static @Nullable TransactionState state(Connection connection) throws SQLException {
        return IS_HERE && connection.isWrapperFor(BaseConnection.class)
                ? connection.unwrap(BaseConnection.class).getTransactionState()
                : null;
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
