// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import leftfold.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLState;

/** Begins and ends transactions, each on a connection of its own. Safe for use by many threads. */
final class Transactions {
    private static final String IDLE_TOO_LONG = "25P03";

    private final DataSource database;
    private final OpenAppend appends;
    private final LongConsumer committed;
    private final Partitions partitions;
    private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

    /** Creates transactions that tell {@code committed} the log's new head after each commit that moves it. */
    Transactions(DataSource database, OpenAppend appends, LongConsumer committed, Partitions partitions) {
        this.database = database;
        this.appends = appends;
        this.committed = committed;
        this.partitions = partitions;
    }

    /**
     * Refuses what would wait for a transaction of this same thread, or not be part of it.
     *
     * @throws IllegalStateException if this thread is in a transaction
     */
    void checkOutside(String instead) {
        if (inside.get()) {
            throw new IllegalStateException("this thread is in a transaction of the store; " + instead);
        }
    }

    /** Does {@code work} in one transaction; see {@link PostgresEventStore#transaction}. */
    <T extends @Nullable Object, X extends Exception> T run(Transaction.Work<T, X> work) throws X {
        checkOutside("pass that one on instead of beginning another");
        try (Lent lent = begin()) {
            Transaction transaction = new Transaction(lent.connection, appends, partitions);
            T result;
            inside.set(true);
            try {
                result = work.run(transaction);
                transaction.finish();
            } finally {
                inside.remove();
                transaction.end();
            }
            lent.commit();
            if (transaction.head() > 0) {
                committed.accept(transaction.head());
            }
            return result;
        }
    }

    private Lent begin() {
        Connection connection = null;
        try {
            connection = database.getConnection();
            Lent lent = new Lent(
                    connection, connection.getAutoCommit(), appends.options().answerMillis());
            connection.setAutoCommit(false);
            try (AnswerLimit limit =
                    AnswerLimit.on(connection, appends.options().answerMillis())) {
                appends.begin(connection);
            }
            return lent;
        } catch (SQLException e) {
            if (connection != null) {
                new Lent(connection, true, appends.options().answerMillis()).close();
            }
            throw new StoreException.Unavailable("cannot begin a transaction: " + Failure.describe(e), e);
        }
    }

    private static StoreException notCommitted(SQLException e) {
        return Failure.of(e) == Failure.LOST && !IDLE_TOO_LONG.equals(e.getSQLState())
                ? new StoreException.OutcomeUnknown("what came of a commit is not known: " + Failure.describe(e), e)
                : notWritten(e);
    }

    /** Returns what to throw where a transaction fails before its commit, or instead of it. */
    static StoreException notWritten(SQLException e) {
        String what = Failure.describe(e);
        if (IDLE_TOO_LONG.equals(e.getSQLState())) {
            return new StoreException.Unavailable(
                    "nothing was written, for the transaction stood still for too long: " + what, e);
        }
        return PSQLState.NO_ACTIVE_SQL_TRANSACTION.getState().equals(e.getSQLState())
                ? new StoreException.OutcomeUnknown("the transaction cannot be committed: " + what, e)
                : new StoreException.Unavailable("nothing was written: " + what, e);
    }

    /** A connection in a transaction, which is given back as it was; what is not committed is rolled back. */
    private static final class Lent implements AutoCloseable {
        private final Connection connection;
        private final boolean autoCommit;
        private final int answerMillis;
        private int answerMillisBefore = -1;
        private boolean open = true;

        Lent(Connection connection, boolean autoCommit, int answerMillis) {
            this.connection = connection;
            this.autoCommit = autoCommit;
            this.answerMillis = answerMillis;
        }

        /** From here on a server from which no answer comes is given up. The program's own statements may take long. */
        private void limitAnswers() throws SQLException {
            answerMillisBefore = connection.getNetworkTimeout();
            AnswerLimit.set(connection, answerMillis);
        }

        void commit() {
            try {
                limitAnswers();
                OpenAppend.commit(connection);
                open = false;
            } catch (SQLException e) {
                throw notCommitted(e);
            }
        }

        @Override
        public void close() {
            try (connection) {
                if (answerMillisBefore < 0) {
                    limitAnswers();
                }
                if (open) {
                    connection.rollback();
                }
                connection.setAutoCommit(autoCommit);
                AnswerLimit.set(connection, answerMillisBefore);
            } catch (SQLException e) {
                return; // the connection is gone, and the transaction with it
            }
        }
    }
}
