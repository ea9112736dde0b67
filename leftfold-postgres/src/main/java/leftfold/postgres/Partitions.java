// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import leftfold.store.StoreException;

/**
 * The partitions of {@code leftfold_events}, each of a range of positions. The next one is made long before it is
 * needed, beside readers and between appends. Safe for use by many threads and processes.
 */
final class Partitions {
    private static final System.Logger LOGGER = System.getLogger(Partitions.class.getName());

    private static final String NO_RIGHTS = "42501";

    private final DataSource database;
    private final AtomicLong enough = new AtomicLong(); // up to this head there is nothing to do
    private final AtomicLong room = new AtomicLong(); // the last position that there is a partition for

    Partitions(DataSource database) {
        this.database = database;
    }

    /**
     * Makes the first partition of a new log, and the next one of a log whose last one is nearly full.
     *
     * @throws StoreException.CannotOpen if there is no partition and none can be made
     */
    void open(long head) {
        try (Connection connection = database.getConnection()) {
            if (!connection.isReadOnly() && head >= look(connection)) {
                make(connection, head);
            }
        } catch (SQLException e) {
            if (room.get() == 0) {
                throw new StoreException.CannotOpen("cannot make a partition of leftfold_events: " + describe(e), e);
            }
            LOGGER.log(Level.WARNING, "the next partition of leftfold_events is missing: {0}", describe(e));
        }
    }

    /** Makes the next partition if the last one is nearly full. */
    void grow(long head) {
        if (head < enough.get()) {
            return;
        }
        try (Connection connection = database.getConnection()) {
            make(connection, head);
        } catch (SQLException e) {
            enough.set(head + 10_000); // appends go on meanwhile; the last partition still has room
            LOGGER.log(Level.WARNING, "cannot make the next partition of leftfold_events: {0}", describe(e));
        }
    }

    private static String describe(SQLException e) {
        return NO_RIGHTS.equals(e.getSQLState())
                ? Failure.line(e) + "; a partition is made by a role that owns leftfold_events and may create tables in"
                        + " its schema: open the log once as one, or make this role a member of it"
                : Failure.describe(e);
    }

    /** Returns up to which head there are partitions enough. */
    private long look(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT partition_positions, partitioned_to FROM leftfold_log")) {
            row.next();
            long positions = row.getLong(1);
            long to = row.getLong(2);
            room.set(to);
            enough.set(to - positions / 10);
            return to == 0 ? 0 : enough.get();
        }
    }

    private void make(Connection connection, long head) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            Statements.lockLog(connection);
            Schema.enter(connection);
            while (head >= look(connection)) {
                attach(statement);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** Attached, not created in place: that would wait for every reader, and every reader for it. */
    private static void attach(Statement statement) throws SQLException {
        long first;
        long after;
        try (ResultSet row =
                statement.executeQuery("UPDATE leftfold_log SET partitioned_to = partitioned_to + partition_positions"
                        + " RETURNING partitioned_to - partition_positions + 1, partitioned_to + 1")) {
            row.next();
            first = row.getLong(1);
            after = row.getLong(2);
        }
        String name = "leftfold_events_" + first;
        statement.execute("CREATE TABLE " + name + " (LIKE leftfold_events INCLUDING ALL)");
        statement.execute("ALTER TABLE leftfold_events ATTACH PARTITION " + name + " FOR VALUES FROM (" + first
                + ") TO (" + after + ")");
    }
}
