// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * How long each answer on a connection may take, until this is closed; then as before.
 *
 * @param before what it was before, in milliseconds; 0 for no limit
 */
record AnswerLimit(Connection connection, int before) implements AutoCloseable {
    /** Lets every answer on {@code connection} take so long at most for now; 0 for no limit. */
    static AnswerLimit on(Connection connection, int millis) throws SQLException {
        AnswerLimit limit = new AnswerLimit(connection, connection.getNetworkTimeout());
        set(connection, millis);
        return limit;
    }

    /** Lets every answer on {@code connection} take so long at most from now on; 0 for no limit. */
    static void set(Connection connection, int millis) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, millis);
    }

    @Override
    public void close() throws SQLException {
        if (!connection.isClosed()) { // as it is once an answer took too long
            set(connection, before);
        }
    }
}
