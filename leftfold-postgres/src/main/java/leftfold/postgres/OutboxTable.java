// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leftfold.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * What a relay reads and writes. Each call is one statement that commits by itself: a relay that stands still holds no
 * lock. What moves a shard on names its epoch, so that a relay that was replaced moves nothing. Safe for use by many
 * threads; every method throws {@link StoreException.Unavailable} if the database fails, and may then be called again.
 */
final class OutboxTable {
    private static final int CLEANED_MAX = 5_000;
    private static final long PAGE_BYTES = 4L * 1_024 * 1_024;

    private final Rows rows;

    /** A row of {@code leftfold_outbox_shards}; nobody delivers it where {@code relay} is null. */
    record Shard(int number, long position, @Nullable String relay, long epoch, int attempts) {
        static final String COLUMNS = "shard, position, relay, epoch, attempts";

        static Shard read(ResultSet row) throws SQLException {
            return new Shard(row.getInt(1), row.getLong(2), row.getString(3), row.getLong(4), row.getInt(5));
        }
    }

    OutboxTable(Rows rows) {
        this.rows = rows;
    }

    /** Says that {@code relay} is alive, by a {@code beat} that it never had before. */
    void beat(String relay, long beat) {
        rows.number(
                "INSERT INTO leftfold_outbox_relays (relay, beat) VALUES (?, ?)"
                        + " ON CONFLICT (relay) DO UPDATE SET beat = excluded.beat RETURNING beat",
                relay,
                beat);
    }

    /** Returns each relay's beat. */
    Map<String, Long> beats() {
        Map<String, Long> beats = new HashMap<>();
        rows.find(
                        row -> Map.entry(row.getString(1), row.getLong(2)),
                        "SELECT relay, beat FROM leftfold_outbox_relays",
                        List.of())
                .forEach(one -> beats.put(one.getKey(), one.getValue()));
        return beats;
    }

    /** Removes a relay that has gone, unless its beat has moved. */
    void forget(String relay, long beat) {
        rows.number("DELETE FROM leftfold_outbox_relays WHERE relay = ? AND beat = ? RETURNING beat", relay, beat);
    }

    /** Removes a relay. */
    void leave(String relay) {
        rows.number("DELETE FROM leftfold_outbox_relays WHERE relay = ? RETURNING beat", relay);
    }

    List<Shard> shards() {
        return rows.find(
                Shard::read, "SELECT " + Shard.COLUMNS + " FROM leftfold_outbox_shards ORDER BY shard", List.of());
    }

    /** Takes a shard and returns it as it is now, in its new epoch; empty if somebody else was quicker. */
    Optional<Shard> take(Shard found, String relay) {
        return rows
                .find(
                        Shard::read,
                        "UPDATE leftfold_outbox_shards SET relay = ?, epoch = epoch + 1 WHERE shard = ? AND epoch = ?"
                                + " RETURNING " + Shard.COLUMNS,
                        List.of(relay, found.number(), found.epoch()))
                .stream()
                .findFirst();
    }

    void release(int shard, long epoch) {
        rows.number(
                "UPDATE leftfold_outbox_shards SET relay = NULL WHERE shard = ? AND epoch = ? RETURNING epoch",
                shard,
                epoch);
    }

    /** Returns which of the relay's shards have messages that wait. */
    List<Integer> waiting(String relay) {
        return rows.find(row -> row.getInt(1), """
                SELECT s.shard FROM leftfold_outbox_shards s CROSS JOIN LATERAL (
                    SELECT 1 FROM leftfold_outbox o WHERE o.shard = s.shard AND o.position > s.position
                    ORDER BY o.shard, o.position LIMIT 1) AS first
                WHERE s.relay = ?
                """, List.of(relay));
    }

    /** Returns the shard's next messages, some at most; they hold only a few MiB, or are one. */
    List<PublishedMessage> page(int shard, long after, int limit) {
        return rows.find(
                MessageRow::read, "SELECT " + MessageRow.COLUMNS + """
                 FROM (SELECT o.*, sum(octet_length(data)) OVER (ORDER BY position) - octet_length(data) AS before
                    FROM (SELECT * FROM leftfold_outbox WHERE shard = ? AND position > ?
                        ORDER BY shard, position LIMIT ?) AS o) AS page
                WHERE before < ? ORDER BY position
                """, List.of(shard, after, limit, PAGE_BYTES));
    }

    /** Everything of the shard up to {@code position} is delivered; returns false if another relay has the shard. */
    boolean moveTo(int shard, long epoch, long position) {
        return rows.number(
                        "UPDATE leftfold_outbox_shards SET position = ?, attempts = 0, failure = NULL"
                                + " WHERE shard = ? AND epoch = ? RETURNING epoch",
                        position,
                        shard,
                        epoch)
                > 0;
    }

    /** The shard's next message has failed so often; returns false if another relay has the shard. */
    boolean failed(int shard, long epoch, int attempts, String reason) {
        return rows.number(
                        "UPDATE leftfold_outbox_shards SET attempts = ?, failure = ? WHERE shard = ? AND epoch = ?"
                                + " RETURNING epoch",
                        attempts,
                        reason,
                        shard,
                        epoch)
                > 0;
    }

    /** Parks the shard's next message and moves on; returns false if another relay has the shard. */
    boolean park(Shard shard, long position, int attempts, String reason) {
        return rows.find(
                                row -> row.getLong(1),
                                """
                        WITH moved AS (
                            UPDATE leftfold_outbox_shards SET position = ?, attempts = 0, failure = NULL
                            WHERE shard = ? AND epoch = ? RETURNING 1),
                        gone AS (
                            DELETE FROM leftfold_outbox WHERE position = ? AND EXISTS (SELECT 1 FROM moved)
                            RETURNING *),
                        parked AS (
                            INSERT INTO leftfold_outbox_parked
                            SELECT gone.*, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, ?, ? FROM gone)
                        SELECT count(*) FROM moved
                        """,
                                List.of(position, shard.number(), shard.epoch(), position, attempts, reason))
                        .getFirst()
                > 0;
    }

    /** Deletes some of what the relay has delivered and kept long enough. */
    void clean(String relay, Duration keep) {
        // The first rows by position are the oldest: looked at by time alone, all that is kept would be looked at.
        rows.number("""
                WITH gone AS (
                    DELETE FROM leftfold_outbox WHERE position IN (
                        SELECT first.position FROM leftfold_outbox_shards s CROSS JOIN LATERAL (
                            SELECT o.position, o.published_at FROM leftfold_outbox o
                            WHERE o.shard = s.shard AND o.position <= s.position
                            ORDER BY o.shard, o.position LIMIT ?) AS first
                        WHERE s.relay = ?
                        AND first.published_at <= (extract(epoch FROM clock_timestamp()) * 1000000)::bigint - ?)
                    RETURNING 1)
                SELECT count(*) FROM gone
                """, CLEANED_MAX, relay, keep.toMillis() * 1_000);
    }
}
