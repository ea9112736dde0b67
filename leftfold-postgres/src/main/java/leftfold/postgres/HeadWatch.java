// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import leftfold.store.HeadSignal;
import leftfold.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Wakes the followers of this process. What this process appends wakes them at once. Of what others append they learn
 * by looking at the head every so often, and sooner by a notification, which is a hint and may be missing. A
 * notification is sent after the commit, on another connection: inside the appending transaction it would make all
 * commits of the server wait for each other. Safe for use by many threads.
 */
final class HeadWatch implements AutoCloseable {
    private static final int LOOK_MILLIS = 100;
    private static final int NOTIFY_MILLIS = 5;

    private final DataSource database;
    private final int answerMillis;
    private final HeadSignal signal;
    private final String channel;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition ended = lock.newCondition();
    private @Nullable Thread looker;
    private @Nullable Thread notifier;
    private boolean dirty;
    private volatile boolean closed;

    /** Creates a watch that gives up a connection on which no answer comes for so long. */
    HeadWatch(DataSource database, int answerMillis, HeadSignal signal, UUID log) {
        this.database = database;
        this.answerMillis = answerMillis;
        this.signal = signal;
        this.channel = "leftfold_" + log.toString().replace("-", "");
    }

    /** This process has appended up to {@code head}. */
    void committed(long head) {
        advance(head);
        lock.lock();
        try {
            dirty = true;
            changed.signalAll();
            if (notifier == null && !closed) {
                notifier = start("leftfold-postgres-notifier", this::sendNotifications);
            }
        } finally {
            lock.unlock();
        }
    }

    /** There is a follower: from now on the head is looked at. */
    void follow() {
        lock.lock();
        try {
            if (looker == null && !closed) {
                looker = start("leftfold-postgres-head", this::look);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The log's head is at least {@code head}. */
    void advance(long head) {
        lock.lock();
        try {
            if (head > signal.head()) {
                signal.advance(head);
            }
        } finally {
            lock.unlock();
        }
    }

    private static Thread start(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name).start(work);
    }

    private void look() {
        while (!closed) {
            try (Connection connection = database.getConnection();
                    AnswerLimit limit = AnswerLimit.on(connection, answerMillis)) {
                LogView view = new LogView(Rows.on(connection));
                listen(connection);
                while (!closed) {
                    advance(view.head());
                    connection.unwrap(PGConnection.class).getNotifications(LOOK_MILLIS);
                }
                Statements.execute(connection, "UNLISTEN " + channel); // the pool may keep the connection
            } catch (SQLException | StoreException | IllegalStateException e) {
                pause(LOOK_MILLIS); // the database will be back; until then there is nothing to see
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        connection.setAutoCommit(true); // whatever the pool's default is
        try {
            Statements.execute(connection, "LISTEN " + channel);
        } catch (SQLException e) {
            if (Failure.of(e) == Failure.LOST) {
                throw e;
            }
            return; // a standby cannot listen: looking has to do
        }
    }

    private void sendNotifications() {
        while (awaitCommit()) {
            try (Connection connection = database.getConnection();
                    AnswerLimit limit = AnswerLimit.on(connection, answerMillis)) {
                connection.setAutoCommit(true);
                // A hint need not survive a crash, and its commit need not wait for the disk beside the appends.
                Statements.execute(
                        connection, "BEGIN; SET LOCAL synchronous_commit = off; NOTIFY " + channel + "; COMMIT");
            } catch (SQLException e) {
                pause(LOOK_MILLIS); // who follows elsewhere will look
            }
            pause(NOTIFY_MILLIS);
        }
    }

    private boolean awaitCommit() {
        lock.lock();
        try {
            while (!dirty && !closed) {
                changed.awaitUninterruptibly();
            }
            dirty = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Waits, but not longer than until the store is closed. */
    private void pause(int millis) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (left > 0 && !closed) {
                left = ended.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
