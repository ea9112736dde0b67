// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import javax.sql.DataSource;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.subscription.Follower;
import leftfold.subscription.FollowerStatus;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * A projection run once more over a part of the log, into a SQLite file of its own; what readers see is not touched.
 * Immutable.
 *
 * @param store the log
 * @param projection what is run; one that looks into others' read models cannot be, for these are not there
 * @param scope the events that are looked at
 * @param until the position of the last event that is looked at
 * @param progress is told now and then how far it is
 */
public record Replay(
        EventStore store, JdbcProjection projection, Query scope, long until, Consumer<FollowerStatus> progress) {
    private static final Duration LOOK = Duration.ofMillis(100);

    /**
     * Checks the projection.
     *
     * @throws IllegalArgumentException if it has inputs
     */
    public Replay {
        if (!projection.projection().inputs().isEmpty()) {
            throw new IllegalArgumentException(projection.id() + " looks into the read models of "
                    + projection.projection().inputs() + ", which a replay does not have; rebuild it instead");
        }
    }

    /** Returns the replay of everything. */
    public static Replay of(EventStore store, JdbcProjection projection) {
        return new Replay(store, projection, Query.all(), Long.MAX_VALUE, status -> {});
    }

    /** Returns the same up to and including {@code position}. */
    public Replay until(long position) {
        return new Replay(store, projection, scope, position, progress);
    }

    /** Returns the same with what was recorded at or before {@code instant}. */
    public Replay until(Instant instant) {
        return until(store.positionAt(instant));
    }

    /** Returns the same with only the events that match {@code events}. */
    public Replay only(Query events) {
        return new Replay(store, projection, events, until, progress);
    }

    /** Returns the same with somebody told how far it is. */
    public Replay withProgress(Consumer<FollowerStatus> listener) {
        return new Replay(store, projection, scope, until, listener);
    }

    /**
     * Runs it into {@code file}, and returns what came out of it. The file then has the read model's views and tables,
     * as a read database has them.
     *
     * @throws IllegalArgumentException if {@code file} is there already; it is left alone
     * @throws ReadModelException.Stopped if an event failed; the file has the read model before it
     * @throws InterruptedException if the thread is interrupted; the file has what was done by then
     */
    public ProjectionStatus into(Path file) throws InterruptedException {
        if (Files.exists(file)) {
            throw new IllegalArgumentException(file + " is there already; name a file that is not");
        }
        return run(Sqlite.open(file, SynchronousMode.OFF), until);
    }

    /**
     * Tells {@code changes} how the read model's rows differ between two positions, ordered by table and primary key. A
     * table without primary key is compared as a set of rows.
     *
     * @throws IllegalArgumentException if {@code from} is after {@code to}
     * @throws ReadModelException.Stopped if an event failed
     * @throws InterruptedException if the thread is interrupted
     */
    public void diff(long from, long to, Consumer<RowChange> changes) throws InterruptedException {
        if (from > to) {
            throw new IllegalArgumentException("a diff goes forward, not from " + from + " to " + to);
        }
        try {
            Path folder = Files.createTempDirectory("leftfold-diff");
            Path file = folder.resolve("scratch.db");
            try {
                DataSource scratch = Sqlite.open(file, SynchronousMode.OFF);
                run(scratch, from);
                TableDiff diff = new TableDiff(scratch, projection);
                diff.remember();
                run(scratch, to);
                diff.tell(changes);
            } finally {
                for (String name : new String[] {"scratch.db", "scratch.db-wal", "scratch.db-shm"}) {
                    Files.deleteIfExists(folder.resolve(name));
                }
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProjectionStatus run(DataSource scratch, long end) throws InterruptedException {
        EventStore scoped = new ScopedStore(store, scope, end);
        ReadDatabase database = new ReadDatabase(scratch);
        try (Follower follower = database.run(scoped, projection)) {
            while (!database.models().await(projection.id().name(), scoped.head(), LOOK)) {
                FollowerStatus status = follower.status();
                progress.accept(status);
                if (status.state() instanceof FollowerStatus.State.Failed failed) {
                    throw new ReadModelException.Stopped(status.name(), failed);
                }
            }
            progress.accept(follower.status());
        }
        return database.models().status(scoped).getFirst();
    }
}
