// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import leftfold.subscription.Checkpoint;
import leftfold.subscription.CheckpointException;
import leftfold.subscription.Checkpoints;

/**
 * Checkpoints in a database; each move is durable as the database's commits are. Safe for use by many threads, where
 * the data source is.
 */
public final class JdbcCheckpoints implements Checkpoints {
    private final DataSource database;

    /**
     * Makes the table {@code leftfold_checkpoint} in {@code database} if it is not there.
     *
     * @throws DatabaseException if that fails
     */
    public JdbcCheckpoints(DataSource database) {
        this.database = database;
        try (Connection connection = database.getConnection()) {
            Dialect.of(connection).createTogether(connection, () -> CheckpointTable.create(connection));
        } catch (SQLException e) {
            throw new DatabaseException("cannot make the table of checkpoints", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("tables are made by statements only", e);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws DatabaseException if the database fails
     */
    @Override
    public Checkpoint load(String follower, UUID log) {
        try (Connection connection = database.getConnection()) {
            return CheckpointTable.find(connection, follower, log).orElse(new Checkpoint(follower, log, 0));
        } catch (SQLException e) {
            throw new DatabaseException("cannot read the checkpoint of " + follower, e);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws CheckpointException.Moved as the interface says
     * @throws DatabaseException if the database fails; the checkpoint has moved or not
     */
    @Override
    public Checkpoint move(Checkpoint from, long position) {
        try (Connection connection = database.getConnection()) {
            if (from.position() == 0) {
                CheckpointTable.add(connection, from);
            }
            CheckpointTable.move(connection, from, position);
            return from.at(position);
        } catch (SQLException e) {
            throw new DatabaseException("cannot move the checkpoint of " + from.follower(), e);
        }
    }
}
