// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import leftfold.subscription.SinkUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * The right to fill a build: a row of the table {@code leftfold_lease} whose {@code beat} its holder raises every
 * second. Who sees the same beat for five seconds, by its own clock, takes over: no two clocks are ever compared. The
 * lease only says who is to try; what keeps a paused holder from writing is the build's epoch, which a takeover raises.
 *
 * <p>Acquired and released by the follower's thread; beats come from the {@link Heartbeat}'s.
 */
final class Lease {
    /** How long a beat may stay the same before another runner takes over. */
    static final Duration EXPIRY = Duration.ofSeconds(5);

    private static final double SMOOTHING = 0.5;

    /** A row as it was found. */
    private record Found(String runner, long beat) {}

    private final Runner me = Runner.here();
    private final Duration expiry;
    private final LongSupplier position;
    private volatile @Nullable Build held;
    private volatile boolean lost;
    private @Nullable Found seen;
    private long seenNanos;
    private long beatNanos;
    private long beatPosition;
    private double positionsPerSecond;

    Lease(Duration expiry, LongSupplier position) {
        this.expiry = expiry;
        this.position = position;
    }

    /** Makes the table if it is not there. */
    static void create(Connection connection) throws SQLException {
        Sql.execute(
                connection,
                "CREATE TABLE IF NOT EXISTS leftfold_lease (build VARCHAR(60) NOT NULL PRIMARY KEY,"
                        + " runner VARCHAR(200) NOT NULL, beat BIGINT NOT NULL,"
                        + " positions_per_second DOUBLE PRECISION NOT NULL)");
    }

    /** Returns the build that it is for; null while none is held. */
    @Nullable Build held() {
        return held;
    }

    /**
     * Returns the epoch in which the build may be filled.
     *
     * @throws SinkUnavailableException if another runner has it, and may be alive
     */
    long acquire(Connection connection, Build build) throws Exception {
        List<Found> rows = Sql.rows(
                connection,
                "SELECT runner, beat FROM leftfold_lease WHERE build = ?",
                row -> new Found(row.getString(1), row.getLong(2)),
                build.key());
        Found found = rows.isEmpty() ? null : rows.getFirst();
        if (found != null && !isFree(found)) {
            throw new SinkUnavailableException(
                    build.key() + " is run by " + Runner.parse(found.runner()).words(), null);
        }
        long[] epoch = new long[1];
        Sql.inTransaction(connection, () -> {
            if (!take(connection, build, found)) {
                throw new SinkUnavailableException(build.key() + " was just taken by another runner", null);
            }
            epoch[0] = BuildTable.nextEpoch(connection, build);
        });
        held = build;
        lost = false;
        beatNanos = 0;
        return epoch[0];
    }

    /** Gives the right back, if it is held. */
    void release(Connection connection) throws SQLException {
        Build build = held;
        held = null;
        if (build != null) {
            Sql.update(
                    connection,
                    "UPDATE leftfold_lease SET runner = '', positions_per_second = 0 WHERE build = ? AND runner = ?",
                    build.key(),
                    me.toString());
        }
    }

    /**
     * Checks that nobody has taken over.
     *
     * @throws SinkUnavailableException if somebody has
     */
    void check() throws SinkUnavailableException {
        if (lost) {
            throw new SinkUnavailableException("another runner has taken over " + held, null);
        }
    }

    /** Tells the others that the holder is alive, and how fast it gets on. */
    void beat(Connection connection) throws SQLException {
        Build build = held;
        if (build == null) {
            return;
        }
        int beaten = Sql.update(
                connection,
                "UPDATE leftfold_lease SET beat = beat + 1, positions_per_second = ? WHERE build = ? AND runner = ?",
                measure(),
                build.key(),
                me.toString());
        if (beaten == 0 && build.equals(held)) {
            lost = true;
        }
    }

    private boolean take(Connection connection, Build build, @Nullable Found found) throws SQLException {
        if (found == null) {
            return Sql.update(
                            connection,
                            "INSERT INTO leftfold_lease (build, runner, beat, positions_per_second)"
                                    + " VALUES (?, ?, 0, 0) ON CONFLICT (build) DO NOTHING",
                            build.key(),
                            me.toString())
                    == 1;
        }
        if (found.runner().equals(me.toString())) {
            // Whatever its beat is: that may be raised at this very moment.
            return Sql.update(
                            connection,
                            "UPDATE leftfold_lease SET beat = beat + 1 WHERE build = ? AND runner = ?",
                            build.key(),
                            me.toString())
                    == 1;
        }
        return Sql.update(
                        connection,
                        "UPDATE leftfold_lease SET runner = ?, beat = 0 WHERE build = ? AND runner = ? AND beat = ?",
                        me.toString(),
                        build.key(),
                        found.runner(),
                        found.beat())
                == 1;
    }

    private boolean isFree(Found found) {
        if (found.runner().isEmpty() || found.runner().equals(me.toString())) {
            return true;
        }
        if (Runner.parse(found.runner()).isDead()) {
            return true;
        }
        long now = System.nanoTime();
        if (!found.equals(seen)) {
            seen = found;
            seenNanos = now;
        }
        return now - seenNanos >= expiry.toNanos();
    }

    private double measure() {
        long now = System.nanoTime();
        long at = position.getAsLong();
        if (beatNanos != 0) {
            double rate = Math.max(0, at - beatPosition) * 1e9 / (now - beatNanos);
            positionsPerSecond += SMOOTHING * (rate - positionsPerSecond);
        }
        beatNanos = now;
        beatPosition = at;
        return positionsPerSecond;
    }
}
