// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import leftfold.store.Limits;
import leftfold.store.StoreException;

/**
 * Messages that are written in the same transaction as what they tell of, and delivered afterwards by an
 * {@link OutboxRelay}: what was rolled back is never sent, and what was committed is never forgotten. Safe for use by
 * many threads.
 *
 * <p>Publishing takes the lock of the log that appends take, until the transaction ends: so messages stand in the
 * outbox in the order of their commits. Publish last, right before the commit; whoever publishes or appends meanwhile
 * waits.
 */
public final class Outbox {
    /** How many shards the keys are spread over, and so how many messages are delivered at once at most. */
    public static final int SHARDS = 16;

    // Nulls are made here: the session may be one in which an array that comes as a text has none.
    private static final String PUBLISH = "SELECT leftfold_publish(?, ?, ?, array_replace(?::text[], '', NULL),"
            + " array_replace(?::text[], '', NULL), ?)";

    private final Rows rows;

    private Outbox(Rows rows) {
        this.rows = rows;
    }

    /**
     * Returns the outbox in the current schema of {@code database}, creating Leftfold's tables where there are none.
     *
     * @throws StoreException.CannotOpen if there is no usable outbox and none can be made; nothing was changed
     */
    public static Outbox open(DataSource database) {
        new Schema(database, PostgresOptions.defaults().answerMillis()).upgrade();
        return new Outbox(new Rows(database));
    }

    /** Publishes messages as {@link #publish(Connection, List)} does. */
    public static int publish(Connection connection, OutboxMessage... messages) throws SQLException {
        return publish(connection, List.of(messages));
    }

    /**
     * Publishes messages with the transaction that is open on {@code connection}: they will be delivered if, and only
     * if, it commits. A message whose id is still in the outbox is left out, so that a transaction whose outcome was
     * not known may be done again. Relays look every 100 ms; {@link OutboxRelay#wake} after the commit spares the wait.
     *
     * @return how many were published
     * @throws IllegalArgumentException if an id stands there twice, or there are more messages or bytes than an append
     *     may have, see {@link Limits}; the transaction is as before
     * @throws IllegalStateException if the connection commits each statement by itself; nothing was written
     * @throws SQLException if the database does not take them; roll the transaction back
     */
    public static int publish(Connection connection, List<OutboxMessage> messages) throws SQLException {
        try {
            return publish(connection, messages, 0);
        } catch (SQLException e) {
            throw new SQLException("cannot publish: " + Failure.describe(e), e.getSQLState(), e);
        }
    }

    /** As the other, with the server's own words; waits for the log's lock so long at most, 0 for no limit. */
    static int publish(Connection connection, List<OutboxMessage> messages, int timeoutSeconds) throws SQLException {
        check(messages);
        if (connection.getAutoCommit()) {
            throw new IllegalStateException("the connection commits each statement by itself, so the messages would not"
                    + " belong to a transaction; call setAutoCommit(false) first");
        }
        if (messages.isEmpty()) {
            return 0;
        }
        try (PreparedStatement call = connection.prepareStatement(PUBLISH)) {
            call.setQueryTimeout(timeoutSeconds);
            call.setArray(1, connection.createArrayOf("uuid", column(messages, OutboxMessage::id)));
            call.setArray(2, connection.createArrayOf("text", column(messages, OutboxMessage::key)));
            call.setArray(3, connection.createArrayOf("text", column(messages, OutboxMessage::type)));
            call.setArray(
                    4,
                    connection.createArrayOf(
                            "text",
                            column(messages, one -> Objects.requireNonNullElse(Columns.contentType(one.data()), ""))));
            call.setArray(
                    5,
                    connection.createArrayOf(
                            "text", column(messages, one -> Objects.requireNonNullElse(MessageRow.headers(one), ""))));
            call.setArray(
                    6,
                    connection.createArrayOf(
                            "bytea",
                            messages.stream().map(one -> one.data().bytes()).toArray(byte[][]::new)));
            try (ResultSet row = call.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static Object[] column(List<OutboxMessage> messages, Function<OutboxMessage, ?> of) {
        return messages.stream().map(of).toArray();
    }

    private static void check(List<OutboxMessage> messages) {
        Set<UUID> ids = new HashSet<>();
        long bytes = 0;
        for (OutboxMessage message : messages) {
            if (!ids.add(message.id())) {
                throw new IllegalArgumentException("two messages have the id " + message.id());
            }
            bytes += message.data().size();
        }
        if (messages.size() > Limits.APPEND_EVENTS_MAX || bytes > Limits.APPEND_BYTES_MAX) {
            throw new IllegalArgumentException("publish at most " + Limits.APPEND_EVENTS_MAX + " messages with "
                    + Limits.APPEND_BYTES_MAX + " bytes at once, not " + messages.size() + " with " + bytes);
        }
    }

    /**
     * Returns how the outbox stands. Looks through the messages that wait.
     *
     * @throws StoreException.Unavailable if the database fails
     */
    public OutboxStatus status() {
        List<OutboxStatus.Blocked> blocked = rows.find(
                row -> new OutboxStatus.Blocked(row.getInt(1), row.getInt(2), row.getString(3)),
                "SELECT shard, attempts, failure FROM leftfold_outbox_shards WHERE failure IS NOT NULL ORDER BY shard",
                List.of());
        return rows.find(
                        row -> new OutboxStatus(
                                row.getLong(1),
                                Duration.of(Math.max(0, row.getLong(2)), ChronoUnit.MICROS),
                                row.getLong(3),
                                row.getInt(4),
                                blocked),
                        """
                        SELECT count(*), coalesce((extract(epoch FROM clock_timestamp()) * 1000000)::bigint
                            - min(o.published_at), 0), (SELECT count(*) FROM leftfold_outbox_parked),
                            (SELECT count(*) FROM leftfold_outbox_relays)
                        FROM leftfold_outbox o JOIN leftfold_outbox_shards s ON s.shard = o.shard
                        WHERE o.position > s.position
                        """,
                        List.of())
                .getFirst();
    }

    /**
     * Returns parked messages, those first that were published first.
     *
     * @param limit how many at most; their data comes along
     * @throws StoreException.Unavailable if the database fails
     */
    public List<ParkedMessage> parked(int limit) {
        return rows.find(
                row -> new ParkedMessage(
                        MessageRow.read(row),
                        EventRow.instant(row.getLong(MessageRow.COLUMN_COUNT + 1)),
                        row.getInt(MessageRow.COLUMN_COUNT + 2),
                        row.getString(MessageRow.COLUMN_COUNT + 3)),
                "SELECT " + MessageRow.COLUMNS
                        + ", parked_at, attempts, reason FROM leftfold_outbox_parked ORDER BY position LIMIT ?",
                List.of(limit));
    }

    /**
     * Publishes a parked message again, behind everything that was published since, and returns whether there was one.
     *
     * @throws StoreException.Unavailable if the database fails; it may have done so, and may be asked again
     */
    public boolean retry(UUID id) {
        return rows.number("SELECT leftfold_publish_parked(?)", id) > 0;
    }

    /** Publishes all parked messages again, in their order, as {@link #retry} does; returns how many. */
    public long retryAll() {
        return rows.number("SELECT leftfold_publish_parked(NULL)");
    }

    /**
     * Drops a parked message for good, and returns whether there was one.
     *
     * @throws StoreException.Unavailable if the database fails; it may be gone, and may be dropped again
     */
    public boolean drop(UUID id) {
        return rows.number("DELETE FROM leftfold_outbox_parked WHERE id = ? RETURNING position", id) > 0;
    }
}
