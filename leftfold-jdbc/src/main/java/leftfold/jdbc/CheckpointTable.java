// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;
import leftfold.subscription.Checkpoint;
import leftfold.subscription.CheckpointException;

/**
 * The table {@code leftfold_checkpoint}: a row for each follower with its log and position. The caller's transaction
 * decides. A move is a compare-and-set, so that two that believe to be the one runner cannot both commit.
 */
final class CheckpointTable {
    private CheckpointTable() {}

    /** Makes the table if it is not there. */
    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS leftfold_checkpoint (follower VARCHAR(200) NOT NULL"
                    + " PRIMARY KEY, log_id VARCHAR(36) NOT NULL, position BIGINT NOT NULL)");
        }
    }

    /** Returns the follower's checkpoint, if it has one. */
    static Optional<Checkpoint> find(Connection connection, String follower) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT log_id, position FROM leftfold_checkpoint WHERE follower = ?")) {
            select.setString(1, follower);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Checkpoint(follower, UUID.fromString(row.getString(1)), row.getLong(2)))
                        : Optional.empty();
            }
        }
    }

    /**
     * Returns the follower's checkpoint in {@code log}, if it has one.
     *
     * @throws CheckpointException.OtherLog if it has one in another log
     */
    static Optional<Checkpoint> find(Connection connection, String follower, UUID log) throws SQLException {
        Optional<Checkpoint> found = find(connection, follower);
        if (found.isPresent() && !found.get().log().equals(log)) {
            throw new CheckpointException.OtherLog(follower, log, found.get().log());
        }
        return found;
    }

    /** Adds a follower's first checkpoint and returns true; false if it has one, which stays as it is. */
    static boolean add(Connection connection, Checkpoint first) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO leftfold_checkpoint"
                + " (follower, log_id, position) VALUES (?, ?, ?) ON CONFLICT (follower) DO NOTHING")) {
            insert.setString(1, first.follower());
            insert.setString(2, first.log().toString());
            insert.setLong(3, first.position());
            return insert.executeUpdate() == 1;
        }
    }

    /**
     * Moves the checkpoint. As the first statement of a transaction it also takes the right to write, so that another
     * runner waits here and then finds the checkpoint moved.
     *
     * @throws CheckpointException if the checkpoint is no longer at {@code from}; roll back
     */
    static void move(Connection connection, Checkpoint from, long position) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE leftfold_checkpoint SET position = ?"
                + " WHERE follower = ? AND log_id = ? AND position = ?")) {
            update.setLong(1, position);
            update.setString(2, from.follower());
            update.setString(3, from.log().toString());
            update.setLong(4, from.position());
            if (update.executeUpdate() == 1) {
                return;
            }
        }
        long found = find(connection, from.follower(), from.log())
                .map(Checkpoint::position)
                .orElse(0L);
        throw new CheckpointException.Moved(from.follower(), from.position(), found);
    }
}
