// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import leftfold.jdbc.GuardedConnection;
import leftfold.jdbc.InlineModels;
import leftfold.jdbc.PostgresDriver;
import leftfold.store.Direction;
import leftfold.store.RecordedEvent;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;

/**
 * Appends in a transaction that somebody else ends, inline read models included. Safe for use by many threads, each
 * with a connection of its own.
 *
 * @param models what inline projections fill; null if there are none
 */
record OpenAppend(PostgresOptions options, @Nullable InlineModels models) {
    /**
     * Makes the transaction that begins with this one in which appends work, and whose commit survives a crash whatever
     * the role's default is. Where that is to read only, it stays so: somebody wants nothing to be written. As it may
     * hold the log's lock, the server ends it if this program stands still in the middle of it for as long as an append
     * may take.
     */
    void begin(Connection connection) throws SQLException {
        Statements.execute(
                connection,
                "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
                        + " SET LOCAL array_nulls = on;" // off, what is not said in metadata is a text
                        + " SET LOCAL idle_in_transaction_session_timeout = '" + options.timeoutSeconds() + "s';"
                        + " SELECT set_config('synchronous_commit', 'on', true)"
                        + " WHERE current_setting('synchronous_commit') = 'off'");
    }

    /**
     * Appends all or, where anything does not fit, nothing. From now on the transaction holds the log's lock.
     *
     * @throws leftfold.jdbc.ReadModelException if a read model cannot take the events; roll back
     * @throws leftfold.subscription.CheckpointException if a read model is ahead of the log; roll back
     */
    AppendCall.Answer run(Connection connection, AppendCall call) throws SQLException {
        AppendCall.Answer answer = call.run(connection, options.clock(), options.timeoutSeconds());
        if (models != null && answer.refused().isEmpty()) {
            // All on this connection: another one might have to be waited for, with the log's lock held.
            Rows rows = Rows.on(connection);
            models.apply(
                    GuardedConnection.of(connection, () -> 0),
                    call.events(answer),
                    (query, from) -> Pages.stream(
                            rows,
                            PageSql.of(query, Direction.FORWARDS),
                            Direction.FORWARDS,
                            new Pages.Range(from, Long.MAX_VALUE, RecordedEvent::position, answer::head)));
        }
        return answer;
    }

    /**
     * Fails unless what was appended on {@code connection} is still there: with a statement of its own, such as
     * {@code ROLLBACK AND CHAIN}, a program can undo it and go on. Waits no longer than an append may take.
     */
    void checkThere(Connection connection, List<AppendCall.Last> appended) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT count(*) FROM unnest(?::bigint[], ?::uuid[]) AS a(position, event_id)"
                        + " JOIN leftfold_events e ON e.position = a.position AND e.event_id = a.event_id")) {
            statement.setQueryTimeout(options.timeoutSeconds());
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "bigint",
                            appended.stream().map(AppendCall.Last::position).toArray(Long[]::new)));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "uuid", appended.stream().map(AppendCall.Last::id).toArray(UUID[]::new)));
            try (ResultSet found = statement.executeQuery()) {
                found.next();
                if (found.getInt(1) < appended.size()) {
                    throw new SQLException("a statement of the work's own rolled back what was appended before it");
                }
            }
        }
    }

    /** Commits; fails where the server would roll back instead, of which its driver says nothing. */
    static void commit(Connection connection) throws SQLException {
        checkOpen(connection);
        connection.clearWarnings();
        connection.commit();
        Statements.checkReplicated(connection.getWarnings());
    }

    /** Fails if there is no transaction that could be committed. */
    static void checkOpen(Connection connection) throws SQLException {
        PostgresDriver.checkOpen(connection.unwrap(BaseConnection.class).getTransactionState());
    }

    /** As {@link #run}, in a transaction of its own; nothing is left of it if it fails before the commit. */
    AppendCall.Answer runAlone(Connection connection, AppendCall call) throws SQLException {
        if (models == null) {
            return call.run(connection, options.clock(), options.timeoutSeconds());
        }
        boolean done = false;
        connection.setAutoCommit(false);
        try {
            begin(connection);
            AppendCall.Answer answer = run(connection, call);
            if (answer.refused().isEmpty()) {
                checkThere(connection, List.of(call.last(answer)));
            }
            commit(connection);
            connection.setAutoCommit(true);
            done = true;
            return answer;
        } finally {
            if (!done) {
                Statements.rollBackQuietly(connection);
            }
        }
    }
}
