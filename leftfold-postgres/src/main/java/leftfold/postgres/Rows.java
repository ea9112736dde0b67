// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import leftfold.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Single statements, each committed by itself and on a connection of its own, and then safe for use by many threads; or
 * all on one connection, confined to its thread.
 */
final class Rows {
    private final Lender lender;
    private final boolean confined;

    /** Makes something of a row. */
    interface Row<T> {
        /** Returns it. */
        T of(ResultSet row) throws SQLException;
    }

    /** Gives a connection for one statement. */
    private interface Lender {
        Connection lend() throws SQLException;
    }

    /** A connection, and what is to be done with it in the end. */
    private record Loan(Connection connection, boolean closed) implements AutoCloseable {
        PreparedStatement prepare(String sql) throws SQLException {
            if (closed) {
                connection.setAutoCommit(true); // whatever the pool's default is; some statements write
            }
            return connection.prepareStatement(sql);
        }

        @Override
        public void close() throws SQLException {
            if (closed) {
                connection.close();
            }
        }
    }

    Rows(DataSource database) {
        this(database::getConnection, false);
    }

    private Rows(Lender lender, boolean confined) {
        this.lender = lender;
        this.confined = confined;
    }

    /** Returns statements that all run on {@code connection}, which stays open. Confined to its thread. */
    static Rows on(Connection connection) {
        return new Rows(() -> connection, true);
    }

    /** Returns whether all statements must run on one thread, as they do on one connection. */
    boolean areConfined() {
        return confined;
    }

    /**
     * Returns what {@code row} makes of each row that {@code sql} finds.
     *
     * @param parameters numbers, texts, UUIDs, or arrays of texts
     * @throws StoreException.Unavailable if the database fails
     */
    <T> List<T> find(Row<T> row, String sql, List<?> parameters) {
        try (Loan loan = new Loan(lender.lend(), !confined);
                PreparedStatement statement = loan.prepare(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                set(statement, i + 1, parameters.get(i));
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    rows.add(row.of(found));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new StoreException.Unavailable("cannot read: " + Failure.describe(e), e);
        }
    }

    /** Returns the number in the first row; 0 if there is none, or it is null. */
    long number(String sql, Object... parameters) {
        return find(row -> row.getLong(1), sql, List.of(parameters)).stream()
                .findFirst()
                .orElse(0L);
    }

    private static void set(PreparedStatement statement, int i, @Nullable Object value) throws SQLException {
        if (value instanceof String[] texts) {
            statement.setArray(i, statement.getConnection().createArrayOf("text", texts));
        } else {
            statement.setObject(i, value);
        }
    }
}
