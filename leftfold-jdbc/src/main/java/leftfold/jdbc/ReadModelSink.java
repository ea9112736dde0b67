// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalInt;
import java.util.UUID;
import javax.sql.DataSource;
import leftfold.store.Batch;
import leftfold.subscription.Checkpoint;
import leftfold.subscription.Sink;
import org.jspecify.annotations.Nullable;

/**
 * Takes events into a read model: what a batch changes and its checkpoint are one transaction, so each event has its
 * effect exactly once. Holds one connection, a new one after each failure. Confined to the follower's thread.
 *
 * <p>Every transaction begins with a write. One that began with a read could find, when it comes to write, that another
 * projection has committed in between, which SQLite refuses without waiting.
 */
final class ReadModelSink implements Sink {
    /** What is done in a transaction. */
    private interface Work {
        void run(Connection open) throws Exception;
    }

    private final DataSource database;
    private final ReadModel model;
    private Checkpoint checkpoint;
    private boolean shown;
    private @Nullable Connection connection;

    ReadModelSink(DataSource database, ReadModel model, UUID log) {
        this.database = database;
        this.model = model;
        this.checkpoint = new Checkpoint(model.id().toString(), log, 0);
    }

    @Override
    public long checkpoint() throws Exception {
        close();
        Connection open = open();
        CheckpointTable.create(open);
        Views.create(open);
        inTransaction(this::createModel);
        checkpoint = CheckpointTable.find(open, checkpoint.follower(), checkpoint.log())
                .orElseThrow();
        return checkpoint.position();
    }

    @Override
    public void take(Batch batch) throws Exception {
        model.prepare(open(), batch.events());
        inTransaction(open -> {
            CheckpointTable.move(open, checkpoint, batch.position());
            model.write(open, batch.events());
            if (batch.caughtUp() && !shown) {
                showIfNewer(open);
            }
        });
        shown |= batch.caughtUp();
        checkpoint = checkpoint.at(batch.position());
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            closeQuietly(open);
        }
    }

    private void createModel(Connection open) throws SQLException {
        if (CheckpointTable.add(open, checkpoint.at(0))) {
            model.create(open);
            if (Views.shown(open, model.id().name()).isEmpty()) {
                Views.show(open, model.id(), model.views());
            }
        }
    }

    /** Readers move on to this version once it has everything; to a version that they have left they never return. */
    private void showIfNewer(Connection open) throws SQLException {
        OptionalInt now = Views.shown(open, model.id().name());
        if (now.isEmpty() || now.getAsInt() < model.id().projectionVersion()) {
            Views.show(open, model.id(), model.views());
        }
    }

    private void inTransaction(Work work) throws Exception {
        Connection open = open();
        boolean done = false;
        try {
            open.setAutoCommit(false);
            work.run(open);
            open.commit();
            open.setAutoCommit(true);
            done = true;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    private Connection open() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = database.getConnection();
            connection = open;
        }
        return open;
    }

    /** Rolls back what is under way: a pooled connection does not do so by being closed. */
    private static void closeQuietly(Connection open) {
        try (open) {
            if (!open.getAutoCommit()) {
                open.rollback();
                open.setAutoCommit(true);
            }
        } catch (SQLException e) {
            // The failure that led here is the one to report; a broken connection cannot even be rolled back.
            return;
        }
    }
}
