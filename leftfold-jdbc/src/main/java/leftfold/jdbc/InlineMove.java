// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import leftfold.jdbc.ProjectionStatus.State;
import leftfold.projection.ProjectionId;
import leftfold.store.RecordedEvent;
import leftfold.subscription.CheckpointException;
import leftfold.subscription.HandlerException;
import org.jspecify.annotations.Nullable;

/** What an append does to one projection's read model, in the append's transaction. Confined to its thread. */
final class InlineMove {
    private static final String FAILED_BEFORE = "25P02";
    private static final int PAGE_EVENTS = 1_000;
    private static final long PAGE_BYTES = 4 << 20;

    // Locks the checkpoints, moves them, and tells where they were. The epoch goes up so that whoever runs the same
    // projection asynchronously begins anew at the checkpoint, instead of failing because somebody else moved it.
    private static final String MOVE = "WITH live AS (SELECT b.build, b.number, b.position, one.place,"
            + " one.event_position, one.event_id"
            + " FROM unnest(?::int[], ?::text[], ?::int[], ?::bigint[], ?::text[])"
            + " AS one (place, name, version, event_position, event_id) JOIN leftfold_build b ON b.name = one.name"
            + " AND b.projection_version = one.version WHERE b.state = 'LIVE' AND b.log_id = ? FOR UPDATE OF b)"
            + " UPDATE leftfold_build b SET position = ?, epoch = b.epoch + 1,"
            + " event_position = coalesce(live.event_position, b.event_position),"
            + " event_id = coalesce(live.event_id, b.event_id),"
            + " failed_position = NULL, failed_event = NULL, failure = NULL"
            + " FROM live WHERE b.build = live.build RETURNING live.place, live.number, live.position";

    private final JdbcProjection projection;
    private final List<RecordedEvent> events;
    private @Nullable Build build;
    private long before;

    /** Creates the move over those of {@code events} that the projection wants. */
    InlineMove(JdbcProjection projection, List<RecordedEvent> events) {
        this.projection = projection;
        this.events =
                events.stream().filter(projection.projection().query()::matches).toList();
    }

    /** Returns the build that readers see; null if they see none of this version, or it was not looked for yet. */
    @Nullable Build build() {
        return build;
    }

    /** Moves the checkpoints of {@code moves} to {@code head}, where there is a build that readers see. */
    static void run(Connection connection, UUID log, List<InlineMove> moves, long head) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(MOVE)) {
            Integer[] places = new Integer[moves.size()];
            for (int i = 0; i < places.length; i++) {
                places[i] = i;
            }
            update.setArray(1, connection.createArrayOf("int", places));
            update.setArray(
                    2, array(connection, "text", moves, move -> move.id().name()));
            update.setArray(3, array(connection, "int", moves, move -> move.id().projectionVersion()));
            update.setArray(4, array(connection, "bigint", moves, InlineMove::eventPosition));
            update.setArray(5, array(connection, "text", moves, InlineMove::eventId));
            update.setString(6, log.toString());
            update.setLong(7, head);
            try (ResultSet row = update.executeQuery()) {
                while (row.next()) {
                    InlineMove move = moves.get(row.getInt(1));
                    move.build = new Build(move.id(), row.getInt(2));
                    move.before = row.getLong(3);
                }
            }
        }
    }

    private static Array array(
            Connection connection, String type, List<InlineMove> moves, Function<InlineMove, @Nullable Object> field)
            throws SQLException {
        return connection.createArrayOf(type, moves.stream().map(field).toArray());
    }

    /** Brings the read model from where it was to {@code base}, and then what the new events change into it. */
    void fill(Connection connection, long base, InlineModels.Past past) throws SQLException {
        Build live = build;
        if (live == null) {
            checkLeft(connection);
            return;
        }
        ReadModel model = ReadModel.of(projection, live, Dialect.POSTGRES);
        model.begin(false);
        if (before != base) {
            checkNear(live, base);
            RecordedEvent last = catchUp(connection, model, base, past);
            if (last != null && events.isEmpty()) {
                note(connection, live, last);
            }
        }
        write(connection, model, events);
    }

    /** Readers that see another version do not need this one filled; if they see none, somebody has dropped it. */
    private void checkLeft(Connection connection) throws SQLException {
        if (BuildTable.list(connection, id().name()).stream().noneMatch(row -> row.state() == State.LIVE)) {
            throw new ReadModelException.NotThere(
                    "the inline read model " + id() + " is not there any more; open the store again, which builds it");
        }
    }

    private void checkNear(Build live, long base) {
        if (before > base) {
            throw new CheckpointException.AheadOfLog(live.key(), before, base);
        }
        if (base - before > InlineModels.BEHIND_MAX) {
            throw new ReadModelException.Behind(live.key(), before, base);
        }
    }

    /** Returns the last event that was caught up with; null if there was none. */
    private @Nullable RecordedEvent catchUp(Connection connection, ReadModel model, long base, InlineModels.Past past)
            throws SQLException {
        RecordedEvent last = null;
        try (Stream<RecordedEvent> missed = past.read(projection.projection().query(), before + 1)) {
            Iterator<RecordedEvent> left =
                    missed.takeWhile(event -> event.position() <= base).iterator();
            while (left.hasNext()) {
                List<RecordedEvent> page = page(left);
                write(connection, model, page);
                last = page.getLast();
            }
        }
        return last;
    }

    private static List<RecordedEvent> page(Iterator<RecordedEvent> left) {
        List<RecordedEvent> page = new ArrayList<>();
        long bytes = 0;
        while (left.hasNext() && page.size() < PAGE_EVENTS && bytes < PAGE_BYTES) {
            RecordedEvent event = left.next();
            page.add(event);
            bytes += event.data().size();
        }
        return page;
    }

    private void write(Connection connection, ReadModel model, List<RecordedEvent> page) throws SQLException {
        if (page.isEmpty()) {
            return;
        }
        try {
            model.prepare(connection, page);
            model.write(connection, page);
        } catch (SQLException e) {
            SQLException original = original(e);
            throw original == null ? e : original;
        } catch (HandlerException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            SQLException original = original(cause);
            if (original != null && FAILED_BEFORE.equals(original.getSQLState())) {
                throw original; // an earlier handler passed over a failure, and nobody can tell which one
            }
            throw new ReadModelException.Refused(id(), e.event(), cause);
        }
    }

    /** Returns the database's own failure behind {@code failure}, by which the store knows what to do; null if none. */
    private static @Nullable SQLException original(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e && e.getSQLState() != null) {
                return e;
            }
        }
        return null;
    }

    private static void note(Connection connection, Build live, RecordedEvent last) throws SQLException {
        Sql.update(
                connection,
                "UPDATE leftfold_build SET event_position = ?, event_id = ? WHERE build = ?",
                last.position(),
                last.id().toString(),
                live.key());
    }

    private ProjectionId id() {
        return projection.id();
    }

    private @Nullable Object eventPosition() {
        return events.isEmpty() ? null : events.getLast().position();
    }

    private @Nullable Object eventId() {
        return events.isEmpty() ? null : events.getLast().id().toString();
    }
}
