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
    private static final String NO_PARTITION = "23514"; // or a CHECK of somebody's own

    private final DataSource database;
    private final OpenAppend appends;
    private final AtomicLong head = new AtomicLong(); // as far as is known here
    private final AtomicLong enough = new AtomicLong(); // up to this head there is nothing to do
    private final AtomicLong lacking = new AtomicLong(); // how many events did not fit, and will come again

    Partitions(DataSource database, OpenAppend appends) {
        this.database = database;
        this.appends = appends;
    }

    /**
     * How far the log goes, and its partitions.
     *
     * @param size how many positions the next partition takes
     * @param to the last position that there is a partition for
     */
    private record Extent(long head, long size, long to) {
        static Extent of(Statement statement) throws SQLException {
            try (ResultSet row = statement.executeQuery("SELECT (SELECT max(position) FROM leftfold_events),"
                    + " partition_positions, partitioned_to FROM leftfold_log")) {
                row.next();
                return new Extent(row.getLong(1), row.getLong(2), row.getLong(3));
            }
        }

        /** Returns up to which head there are partitions enough. */
        long enough() {
            return to == 0 ? 0 : to - size / 10;
        }
    }

    /**
     * Makes the first partition of a new log, and the next one of a log whose last one is nearly full.
     *
     * @throws StoreException.CannotOpen if there is no partition and none can be made
     */
    void open() {
        boolean any = false;
        try (Connection connection = database.getConnection();
                AnswerLimit limit = AnswerLimit.on(connection, appends.options().answerMillis());
                Statement statement = connection.createStatement()) {
            Extent extent = Extent.of(statement);
            any = extent.to > 0;
            committed(extent.head);
            enough.set(extent.enough());
            if (!connection.isReadOnly() && areDue()) {
                make(connection, 0);
            }
        } catch (SQLException e) {
            if (!any) {
                throw new StoreException.CannotOpen("cannot open the log: " + describe(e), e);
            }
            failed(e);
        }
    }

    /** Notes that the log has grown so far. */
    void committed(long now) {
        head.accumulateAndGet(now, Math::max);
    }

    /** Returns whether the last partition is nearly full. */
    boolean areDue() {
        return head.get() >= enough.get();
    }

    /** Makes the next partition if the last one is nearly full. */
    void grow() {
        if (areDue()) {
            makeQuietly(lacking.getAndSet(0));
        }
    }

    /** Makes the partitions for so many events that are to be written next, the last one at {@code position}. */
    void growFor(int events, long position) {
        if (position >= enough.get()) {
            makeQuietly(events);
        }
    }

    private void makeQuietly(long events) {
        try (Connection connection = database.getConnection();
                AnswerLimit limit = AnswerLimit.on(connection, appends.options().answerMillis())) {
            make(connection, events);
        } catch (SQLException e) {
            failed(e);
        }
    }

    /** Makes the next partition if the last one is nearly full, on a connection that is in no transaction. */
    void grow(Connection connection) throws SQLException {
        if (areDue()) {
            make(connection, lacking.getAndSet(0));
        }
    }

    /** Notes that the next partition was not made. The last one still has room, and appends go on meanwhile. */
    void failed(SQLException e) {
        enough.set(head.get() + 10_000);
        LOGGER.log(Level.WARNING, "cannot make the next partition of leftfold_events: {0}", describe(e));
    }

    /**
     * Makes the partitions that an append of so many events needs, if that is what it failed at; on its connection,
     * which is in no transaction.
     *
     * @return whether there is room now, and the append is to be tried again
     */
    boolean makeRoom(Connection connection, int events, SQLException failure) throws SQLException {
        if (!NO_PARTITION.equals(failure.getSQLState())) {
            return false;
        }
        try {
            make(connection, events);
        } catch (SQLException e) {
            throw NO_RIGHTS.equals(e.getSQLState()) ? new SQLException(describe(e), null, e) : e;
        }
        return true;
    }

    /**
     * Has the partitions made for so many events by the next {@link #grow()}, if that is what the transaction failed at
     * that was to append them. In the middle of it they cannot be made: whoever appends next would wait for its end.
     *
     * @return in words what is wrong and what to do
     */
    String noteLack(long events, SQLException failure) {
        if (!NO_PARTITION.equals(failure.getSQLState())) {
            return Failure.describe(failure);
        }
        lacking.accumulateAndGet(events, Math::max);
        enough.set(0);
        return Failure.line(failure)
                + "; where it is the next partition of leftfold_events that is missing, that is made"
                + " once the transaction has ended: begin it again, or see the warning in the log that says why not";
    }

    private static String describe(SQLException e) {
        return NO_RIGHTS.equals(e.getSQLState())
                ? Failure.line(e) + "; a partition is made by a role that owns leftfold_events and may create tables in"
                        + " its schema: open the log once as one, or make this role a member of it"
                : Failure.describe(e);
    }

    /** Makes what is missing where so many events are to come. Whoever holds the log is waited for, but not forever. */
    private void make(Connection connection, long events) throws SQLException {
        int seconds = appends.options().timeoutSeconds();
        boolean done = false;
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
                    + " SET LOCAL lock_timeout = '" + seconds + "s';"
                    + " SET LOCAL statement_timeout = '" + seconds + "s'");
            Statements.lockLog(connection, seconds);
            Schema.enter(connection);
            Extent extent = Extent.of(statement);
            long wanted = Math.max(head.get(), extent.head) + events;
            while (wanted >= extent.enough()) {
                attach(statement);
                extent = Extent.of(statement);
            }
            connection.commit();
            connection.setAutoCommit(true);
            enough.set(extent.enough());
            done = true;
        } finally {
            if (!done) {
                Statements.rollBackQuietly(connection);
            }
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
