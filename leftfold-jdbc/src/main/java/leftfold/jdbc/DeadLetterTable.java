// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import leftfold.store.RecordedEvent;

/** The table {@code leftfold_dead_letter}: events that builds have put aside. The caller's transaction decides. */
final class DeadLetterTable {
    private DeadLetterTable() {}

    /** Makes the table if it is not there. */
    static void create(Connection connection) throws SQLException {
        Sql.execute(
                connection,
                "CREATE TABLE IF NOT EXISTS leftfold_dead_letter (build VARCHAR(60) NOT NULL,"
                        + " position BIGINT NOT NULL, event_id VARCHAR(36) NOT NULL, stream TEXT NOT NULL,"
                        + " event_type TEXT NOT NULL, failure TEXT NOT NULL, retrying INTEGER NOT NULL,"
                        + " PRIMARY KEY (build, position))");
    }

    /** Adds an event, or says anew why it failed. */
    static void put(Connection connection, Build build, RecordedEvent event, Throwable cause) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO leftfold_dead_letter (build, position, event_id, stream, event_type, failure, retrying)"
                        + " VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (build, position)"
                        + " DO UPDATE SET failure = excluded.failure, retrying = 0",
                build.key(),
                event.position(),
                event.id().toString(),
                event.stream().value(),
                event.type(),
                oneLine(cause));
    }

    /** Returns the build's dead letters in log order. */
    static List<DeadLetter> list(Connection connection, Build build) throws SQLException {
        return Sql.rows(
                connection,
                "SELECT position, event_id, stream, event_type, failure, retrying FROM leftfold_dead_letter"
                        + " WHERE build = ? ORDER BY position",
                row -> new DeadLetter(
                        row.getLong(1),
                        UUID.fromString(row.getString(2)),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getInt(6) != 0),
                build.key());
    }

    /** Returns the positions that are to be tried again, in log order. */
    static List<Long> retrying(Connection connection, Build build) throws SQLException {
        return Sql.rows(
                connection,
                "SELECT position FROM leftfold_dead_letter WHERE build = ? AND retrying = 1 ORDER BY position",
                row -> row.getLong(1),
                build.key());
    }

    /** Asks for another try and returns whether there is such a letter. */
    static boolean retry(Connection connection, Build build, long position) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE leftfold_dead_letter SET retrying = 1 WHERE build = ? AND position = ?",
                        build.key(),
                        position)
                == 1;
    }

    /** Removes a letter and returns whether it was there. */
    static boolean remove(Connection connection, Build build, long position) throws SQLException {
        return Sql.update(
                        connection,
                        "DELETE FROM leftfold_dead_letter WHERE build = ? AND position = ?",
                        build.key(),
                        position)
                == 1;
    }

    /** Removes all letters of a build. */
    static void removeAll(Connection connection, Build build) throws SQLException {
        Sql.update(connection, "DELETE FROM leftfold_dead_letter WHERE build = ?", build.key());
    }

    /** Returns an exception on one line, without characters that a database would refuse. */
    static String oneLine(Throwable cause) {
        return oneLine(cause.toString());
    }

    /** Returns a text on one line, without characters that a database would refuse. */
    static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
