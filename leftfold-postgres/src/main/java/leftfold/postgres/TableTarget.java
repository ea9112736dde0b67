// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * A table of a JDBC database as a queue: a row for each message, of which there is never a second one while the first
 * is there. Who takes from it reads the rows of a key by {@code position} and deletes or marks them; a row that was
 * deleted may in rare cases come again, so a reader that deletes remembers the ids where that matters. Safe for use by
 * many threads.
 *
 * <p>Columns: {@code id} (text), {@code position} (bigint, the place in the outbox), {@code message_key}, {@code type},
 * {@code content_type}, {@code headers} (JSON text), {@code published_at} (text, ISO 8601 in UTC), {@code data}
 * (bytes).
 */
public final class TableTarget implements OutboxTarget {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w{0,59}(\\.[A-Za-z_]\\w{0,59})?");
    private static final int BATCH_MAX = 100;

    private final DataSource database;
    private final String table;
    private final String insert;

    private TableTarget(DataSource database, String table) {
        this.database = database;
        this.table = table;
        this.insert = "INSERT INTO " + table
                + " (id, position, message_key, type, content_type, headers, published_at, data)"
                + " SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM " + table + " WHERE id = ?)";
    }

    /**
     * Returns the table {@code name} as a target; see {@link #create}.
     *
     * @throws IllegalArgumentException if that is no plain name, with or without a schema before it
     */
    public static TableTarget of(DataSource database, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a table's name is letters, digits and underscores, not " + name.replaceAll("\\p{Cntrl}", "?"));
        }
        return new TableTarget(database, name);
    }

    /**
     * Creates the table if it is not there, in PostgreSQL or SQLite; other databases need one of the same columns, with
     * {@code id} as its primary key.
     *
     * @return this
     * @throws SQLException if it cannot be made
     */
    public TableTarget create() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true); // whatever the pool's default is
            boolean postgres = connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
            String create = "CREATE TABLE IF NOT EXISTS " + table
                    + " (id VARCHAR(36) PRIMARY KEY, position BIGINT NOT NULL, message_key TEXT NOT NULL,"
                    + " type TEXT NOT NULL, content_type TEXT NOT NULL, headers TEXT NOT NULL,"
                    + " published_at VARCHAR(30) NOT NULL, data " + (postgres ? "BYTEA" : "BLOB") + " NOT NULL)";
            try {
                statement.execute(create);
            } catch (SQLException e) {
                if (!Schema.isRace(e)) {
                    throw e;
                }
                statement.execute(create); // finds the table that another program has made
            }
        }
        return this;
    }

    @Override
    public int batchMessagesMax() {
        return BATCH_MAX;
    }

    @Override
    public void deliver(List<PublishedMessage> messages) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(insert)) {
                for (PublishedMessage one : messages) {
                    add(statement, one);
                }
                statement.executeBatch();
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private static void add(PreparedStatement statement, PublishedMessage one) throws SQLException {
        OutboxMessage message = one.message();
        statement.setString(1, message.id().toString());
        statement.setLong(2, one.position());
        statement.setString(3, message.key());
        statement.setString(4, message.type());
        statement.setString(5, message.data().contentType());
        statement.setString(6, json(message.headers()));
        statement.setString(7, one.publishedAt().toString());
        statement.setBytes(8, message.data().bytes());
        statement.setString(9, message.id().toString());
        statement.addBatch();
    }

    /** What is wrong with the data will stay wrong; anything else, a missing table or right too, may be put right. */
    private static DeliveryException failure(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        String reason = "the queue's database refused: SQLSTATE " + state;
        if (state.equals("23505")) {
            return new DeliveryException.Unavailable(reason, Duration.ZERO, e); // another relay's, at this moment
        }
        return state.startsWith("22") || state.startsWith("23")
                ? new DeliveryException.Failed(reason, e)
                : new DeliveryException.Unavailable(reason, Duration.ZERO, e);
    }

    private static String json(Map<String, String> headers) {
        StringBuilder json = new StringBuilder("{");
        for (Iterator<Map.Entry<String, String>> all = headers.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, String> header = all.next();
            append(json, header.getKey());
            json.append(':');
            append(json, header.getValue());
            if (all.hasNext()) {
                json.append(',');
            }
        }
        return json.append('}').toString();
    }

    private static void append(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
