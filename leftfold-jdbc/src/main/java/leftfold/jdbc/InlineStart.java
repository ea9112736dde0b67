// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import leftfold.store.EventStore;
import leftfold.subscription.Follower;
import leftfold.subscription.FollowerStatus;

/** Brings projections so near to the log's end that appends can go on with them. Confined to one thread. */
final class InlineStart {
    private static final Duration LOOK = Duration.ofMillis(20);

    /** How many positions the first append may find left, if others append all the time. */
    private static final long NEAR = 1_000;

    private final ReadTables tables;
    private final ReadDatabase readers;
    private final EventStore store;

    InlineStart(DataSource database, EventStore store) {
        this.tables = new ReadTables(database);
        this.readers = new ReadDatabase(database);
        this.store = store;
    }

    /**
     * Returns once readers see the projection up to where the log ended when it was asked.
     *
     * @throws ReadModelException if its declaration does not fit what is there, or it fails at an event
     * @throws DatabaseException if the database fails
     */
    void catchUp(JdbcProjection projection) throws InterruptedException {
        long target = store.head();
        if (hasReached(projection, target)) {
            return;
        }
        try (Follower follower = readers.run(store, projection)) {
            do {
                target = store.head();
                while (!hasReached(projection, target)) {
                    checkRunning(projection, follower);
                    new CountDownLatch(1).await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                }
            } while (store.head() - target > NEAR);
        }
    }

    /** Returns whether readers see the projection up to {@code target}, or another version instead. */
    private boolean hasReached(JdbcProjection projection, long target) {
        try (Connection connection = tables.connect()) {
            tables.create(connection);
            BuildRow row = new BuildChoice(projection, false, store.id()).choose(connection, Dialect.of(connection));
            return switch (row.state()) {
                case LIVE -> row.mark().position() >= target;
                case KEPT -> true;
                case BUILDING ->
                    tables.liveVersion(connection, projection.id().name())
                            > projection.id().projectionVersion();
            };
        } catch (ReadModelException.NameTaken e) {
            return false; // perhaps by another process that makes the same build: the follower tries again, or fails
        } catch (SQLException e) {
            throw new DatabaseException("cannot begin with the inline projection " + projection.id(), e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot begin with the inline projection " + projection.id(), e);
        }
    }

    private static void checkRunning(JdbcProjection projection, Follower follower) {
        if (follower.status().state() instanceof FollowerStatus.State.Failed failed) {
            throw new ReadModelException.Stopped(projection.id().toString(), failed);
        }
    }
}
