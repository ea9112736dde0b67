// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import leftfold.jdbc.ProjectionStatus.State;

/** The tables in which a read database keeps what it knows of its read models. Safe for use by many threads. */
final class ReadTables {
    private static final Duration BEAT = Duration.ofSeconds(1);

    private final DataSource database;
    private final Duration leaseExpiry;
    private final Heartbeat heartbeat;
    private volatile boolean created;

    ReadTables(DataSource database) {
        this(database, BEAT, Lease.EXPIRY);
    }

    /** As the other, with times that tests can wait for. */
    ReadTables(DataSource database, Duration beat, Duration leaseExpiry) {
        this.database = database;
        this.leaseExpiry = leaseExpiry;
        this.heartbeat = new Heartbeat(database, beat);
    }

    /** Returns whether there is a database; a SQLite file is made by being connected to. */
    boolean exist() {
        return !(database instanceof SqliteFile file) || file.exists();
    }

    Connection connect() throws SQLException {
        return database.getConnection();
    }

    Heartbeat heartbeat() {
        return heartbeat;
    }

    /** Returns a lease, not held yet, whose holder says with {@code position} how far it is. */
    Lease lease(LongSupplier position) {
        return new Lease(leaseExpiry, position);
    }

    /** Makes the tables if they are not there. */
    void create(Connection connection) throws Exception {
        if (!created) {
            Dialect.of(connection).createTogether(connection, () -> {
                BuildTable.create(connection);
                Lease.create(connection);
                DeadLetterTable.create(connection);
                WantedTable.create(connection);
            });
            created = true;
        }
    }

    /** Returns whether the tables are there, of which this is the one that is made last. */
    boolean areMade(Connection connection) throws SQLException {
        return created || Dialect.of(connection).exists(connection, "leftfold_wanted");
    }

    /** Returns the build of {@code name} that readers see, if there is one. */
    Optional<BuildRow> live(Connection connection, String name) throws SQLException {
        return BuildTable.list(connection, name).stream()
                .filter(row -> row.state() == State.LIVE)
                .findFirst();
    }

    /** Returns the version of {@code name} that readers see; 0 if there is none. */
    int liveVersion(Connection connection, String name) throws SQLException {
        return live(connection, name)
                .map(row -> row.build().id().projectionVersion())
                .orElse(0);
    }

    /** Returns how far the build of {@code name} is that readers see; 0 if there is none. */
    long livePosition(Connection connection, String name) throws SQLException {
        return live(connection, name).map(row -> row.mark().position()).orElse(0L);
    }

    /** Returns the build that was shown before the present one, if it is still there. */
    Optional<BuildRow> shownBefore(Connection connection, String name) throws SQLException {
        List<BuildRow> rows = BuildTable.list(connection, name);
        return rows.stream()
                .filter(row -> row.state() == State.KEPT && row.shown() > 0)
                .max(Comparator.comparingLong(BuildRow::shown));
    }
}
