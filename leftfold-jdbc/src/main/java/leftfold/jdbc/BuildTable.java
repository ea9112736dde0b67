// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import leftfold.jdbc.BuildRow.Mark;
import leftfold.jdbc.ProjectionStatus.Failure;
import leftfold.jdbc.ProjectionStatus.State;
import leftfold.projection.ProjectionId;
import leftfold.subscription.CheckpointException;
import leftfold.subscription.SinkUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code leftfold_build}: a row for each build with its checkpoint. The caller's transaction decides. A move
 * of the checkpoint is a compare-and-set over position and epoch, so that of two that believe to be the one runner one
 * alone commits.
 */
final class BuildTable {
    private static final String COLUMNS = "name, projection_version, number, state, shown, fingerprint, views, inputs,"
            + " log_id, position, epoch, event_position, event_id, failed_position, failed_event, failure";

    private BuildTable() {}

    /** Makes the table if it is not there. */
    static void create(Connection connection) throws SQLException {
        Sql.execute(
                connection,
                "CREATE TABLE IF NOT EXISTS leftfold_build (build VARCHAR(60) NOT NULL PRIMARY KEY,"
                        + " name VARCHAR(40) NOT NULL, projection_version INTEGER NOT NULL, number INTEGER NOT NULL,"
                        + " state VARCHAR(10) NOT NULL, shown BIGINT NOT NULL, fingerprint TEXT NOT NULL,"
                        + " views TEXT NOT NULL, inputs TEXT NOT NULL, log_id VARCHAR(36) NOT NULL,"
                        + " position BIGINT NOT NULL, epoch BIGINT NOT NULL, event_position BIGINT NOT NULL,"
                        + " event_id VARCHAR(36), failed_position BIGINT, failed_event VARCHAR(36), failure TEXT)");
    }

    /** Returns all builds, or those of one projection, the oldest version first. */
    static List<BuildRow> list(Connection connection, @Nullable String name) throws SQLException {
        String order = " ORDER BY name, projection_version, number";
        return name == null
                ? Sql.rows(connection, "SELECT " + COLUMNS + " FROM leftfold_build" + order, BuildTable::row)
                : Sql.rows(
                        connection,
                        "SELECT " + COLUMNS + " FROM leftfold_build WHERE name = ?" + order,
                        BuildTable::row,
                        name);
    }

    /** Returns the build, if it is there. */
    static Optional<BuildRow> find(Connection connection, Build build) throws SQLException {
        return Sql.rows(
                        connection,
                        "SELECT " + COLUMNS + " FROM leftfold_build WHERE build = ?",
                        BuildTable::row,
                        build.key())
                .stream()
                .findFirst();
    }

    /** Adds a build and returns true; false if it is there already, and stays as it is. */
    static boolean add(Connection connection, BuildRow row) throws SQLException {
        Build build = row.build();
        return Sql.update(
                        connection,
                        "INSERT INTO leftfold_build (build, name, projection_version, number, state, shown,"
                                + " fingerprint, views, inputs, log_id, position, epoch, event_position)"
                                + " VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, 0, 0, 0) ON CONFLICT (build) DO NOTHING",
                        build.key(),
                        build.id().name(),
                        build.id().projectionVersion(),
                        build.number(),
                        row.state().name(),
                        row.fingerprint(),
                        String.join(",", row.views()),
                        String.join(",", row.inputs()),
                        row.mark().log().toString())
                == 1;
    }

    /**
     * Moves the checkpoint. As the first statement of a transaction that writes it also takes the right to write, so
     * that another runner waits here and then finds the checkpoint moved.
     *
     * @throws SinkUnavailableException if another runner has taken over; roll back
     * @throws CheckpointException if the checkpoint is no longer at {@code from}; roll back
     */
    static void move(Connection connection, Build build, Mark from, Mark to)
            throws SQLException, SinkUnavailableException {
        int moved = Sql.update(
                connection,
                "UPDATE leftfold_build SET position = ?, event_position = ?, event_id = ?"
                        + " WHERE build = ? AND log_id = ? AND position = ? AND epoch = ?",
                to.position(),
                to.eventPosition(),
                text(to.eventId()),
                build.key(),
                from.log().toString(),
                from.position(),
                from.epoch());
        if (moved == 1) {
            return;
        }
        Mark found = find(connection, build).map(BuildRow::mark).orElse(from);
        if (!found.log().equals(from.log())) {
            throw new CheckpointException.OtherLog(build.key(), from.log(), found.log());
        }
        if (found.epoch() > from.epoch()) {
            throw new SinkUnavailableException("another runner has taken over " + build.key(), null);
        }
        throw new CheckpointException.Moved(build.key(), from.position(), found.position());
    }

    /** Shuts out whoever runs the build now, and returns the epoch in which the caller may write. */
    static long nextEpoch(Connection connection, Build build) throws SQLException {
        Sql.update(
                connection,
                "UPDATE leftfold_build SET epoch = epoch + 1, failed_position = NULL, failed_event = NULL,"
                        + " failure = NULL WHERE build = ?",
                build.key());
        return Sql.number(connection, "SELECT epoch FROM leftfold_build WHERE build = ?", build.key());
    }

    /** Notes why the runner of {@code epoch} has stopped, if it still was the one. */
    static void fail(Connection connection, Build build, long epoch, Failure failure) throws SQLException {
        Sql.update(
                connection,
                "UPDATE leftfold_build SET failed_position = ?, failed_event = ?, failure = ?"
                        + " WHERE build = ? AND epoch = ?",
                failure.position(),
                text(failure.eventId()),
                failure.cause(),
                build.key(),
                epoch);
    }

    /** Makes the build the last one shown, and returns whether it was in the state and epoch that {@code row} says. */
    static boolean makeLive(Connection connection, BuildRow row) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE leftfold_build SET state = 'LIVE',"
                                + " shown = (SELECT MAX(shown) + 1 FROM leftfold_build)"
                                + " WHERE build = ? AND epoch = ? AND state = ?",
                        row.build().key(),
                        row.mark().epoch(),
                        row.state().name())
                == 1;
    }

    /**
     * Takes a build off, if it is not ahead of {@code position}, and returns whether it did.
     *
     * @param epochs how many epochs to add: 1 shuts its runner out
     */
    static boolean keep(Connection connection, Build build, long position, int epochs) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE leftfold_build SET state = 'KEPT', epoch = epoch + ? WHERE build = ? AND position <= ?",
                        epochs,
                        build.key(),
                        position)
                == 1;
    }

    /** Forgets a build. */
    static void delete(Connection connection, Build build) throws SQLException {
        Sql.update(connection, "DELETE FROM leftfold_build WHERE build = ?", build.key());
    }

    private static BuildRow row(ResultSet row) throws SQLException {
        ProjectionId id = new ProjectionId(row.getString(1), row.getInt(2));
        Mark mark = new Mark(
                UUID.fromString(row.getString(9)),
                row.getLong(10),
                row.getLong(11),
                row.getLong(12),
                uuid(row.getString(13)));
        String cause = row.getString(16);
        Failure failure = cause == null ? null : new Failure(row.getLong(14), uuid(row.getString(15)), cause);
        return new BuildRow(
                new Build(id, row.getInt(3)),
                State.valueOf(row.getString(4)),
                row.getLong(5),
                row.getString(6),
                words(row.getString(7)),
                words(row.getString(8)),
                mark,
                failure);
    }

    private static List<String> words(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split(",", -1));
    }

    private static @Nullable UUID uuid(@Nullable String text) {
        return text == null ? null : UUID.fromString(text);
    }

    private static @Nullable String text(@Nullable UUID id) {
        return id == null ? null : id.toString();
    }
}
