// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import leftfold.projection.ProjectionId;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;

/**
 * Read models that a log in PostgreSQL fills in the transactions of its own appends. For implementers of stores.
 * Immutable; {@link #apply} is to be called by one transaction of the log at a time.
 *
 * <p>What is filled is the build that readers see, whichever that is by then: a rebuild takes place beside it, and once
 * readers have gone over so do the appends. A build that readers have left for another version stands still.
 */
public final class InlineModels {
    /** How many positions a read model may be behind an append, which then catches up with them. */
    static final long BEHIND_MAX = 10_000;

    private final UUID log;
    private final List<JdbcProjection> projections;

    /** The log as the transaction that appends to it sees it. */
    public interface Past {
        /** Returns the events from position {@code from} on that match, in log order; the caller closes the stream. */
        Stream<RecordedEvent> read(Query query, long from);
    }

    private InlineModels(UUID log, List<JdbcProjection> projections) {
        this.log = log;
        this.projections = projections;
    }

    /**
     * Returns the read models of {@code projections}, made if they are not there, once each has caught up with {@code
     * store}: asynchronously, however long that takes, and without holding up appends.
     *
     * @param database the database and schema that the log itself lies in
     * @throws IllegalArgumentException if two have one name, or one has an input that is not inline before it
     * @throws ReadModelException if a declaration does not fit what is there, or the projection fails at an event
     * @throws DatabaseException if the database fails
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public static InlineModels open(DataSource database, EventStore store, List<? extends JdbcProjection> projections)
            throws InterruptedException {
        check(projections);
        InlineStart start = new InlineStart(database, store);
        for (JdbcProjection projection : projections) {
            start.catchUp(projection);
        }
        return new InlineModels(store.id(), List.copyOf(projections));
    }

    private static void check(List<? extends JdbcProjection> projections) {
        Set<String> names = new HashSet<>();
        for (JdbcProjection projection : projections) {
            ProjectionId id = projection.id();
            for (String input : projection.projection().inputs()) {
                if (!names.contains(input)) {
                    throw new IllegalArgumentException("inline projection " + id + " looks into " + input
                            + ", which would be behind; make that inline too, and name it before " + id);
                }
            }
            if (!names.add(id.name())) {
                throw new IllegalArgumentException(
                        "two inline projections have the name " + id.name() + "; a log fills one version of each");
            }
        }
    }

    /**
     * Brings what {@code events} change into the read models, and their checkpoints to the last of them. What others
     * appended who do not know a projection is caught up with first.
     *
     * @param connection in a transaction that has appended these events to the log, whose lock it holds
     * @param events at least one
     * @throws ReadModelException.Refused if a handler fails; roll back
     * @throws ReadModelException if a read model cannot be filled; roll back
     * @throws SQLException if the database fails; roll back
     */
    public void apply(Connection connection, List<RecordedEvent> events, Past past) throws SQLException {
        List<InlineMove> moves = new ArrayList<>();
        for (JdbcProjection projection : projections) {
            moves.add(new InlineMove(projection, events));
        }
        long head = events.getLast().position();
        InlineMove.run(connection, log, moves, head);
        List<InlineMove> missing =
                moves.stream().filter(move -> move.build() == null).toList();
        if (!missing.isEmpty()) {
            // Readers may have gone over to another build while the statement waited, which it then did not see.
            InlineMove.run(connection, log, missing, head);
        }
        long base = events.getFirst().position() - 1;
        for (InlineMove move : moves) {
            move.fill(connection, base, past);
        }
    }
}
