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
    private final int answerMillis;

    /** Makes something of a row. */
    interface Row<T> {
        /** Returns it. */
        T of(ResultSet row) throws SQLException;
    }

    /** Gives a connection for one statement. */
    private interface Lender {
        Connection lend() throws SQLException;
    }

    /** Returns statements whose answers may take as long as they will. */
    Rows(DataSource database) {
        this(database, 0);
    }

    /**
     * Returns statements of which each answer may take so long at most, 0 for no limit, or as long as the connection's
     * own network timeout says where it has one.
     */
    Rows(DataSource database, int answerMillis) {
        this(database::getConnection, false, answerMillis);
    }

    private Rows(Lender lender, boolean confined, int answerMillis) {
        this.lender = lender;
        this.confined = confined;
        this.answerMillis = answerMillis;
    }

    /**
     * Returns statements that all run on {@code connection}, which stays open and as it is. Confined to its thread.
     */
    static Rows on(Connection connection) {
        return new Rows(() -> connection, true, 0);
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
        try {
            if (confined) {
                return find(lender.lend(), row, sql, parameters);
            }
            try (Connection connection = lender.lend()) {
                connection.setAutoCommit(true); // whatever the pool's default is; some statements write
                int millis = connection.getNetworkTimeout(); // what the program set is not overruled
                try (AnswerLimit limit = AnswerLimit.on(connection, millis == 0 ? answerMillis : millis)) {
                    return find(connection, row, sql, parameters);
                }
            }
        } catch (SQLException e) {
            throw new StoreException.Unavailable("cannot read: " + Failure.describeRead(e), e);
        }
    }

    private static <T> List<T> find(Connection connection, Row<T> row, String sql, List<?> parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
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
