// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import leftfold.projection.Documents;
import leftfold.projection.Projection;
import leftfold.projection.ProjectionId;
import leftfold.store.EventStore;
import leftfold.store.RecordedEvent;
import leftfold.subscription.Follower;
import leftfold.subscription.FollowerListener;
import leftfold.subscription.FollowerSettings;
import leftfold.subscription.FollowerStatus;

/**
 * A database of read models, SQLite or PostgreSQL, and what fills them. Safe for use by many threads, where the data
 * source is; each follower holds one connection of it.
 *
 * <p>Each projection has its own follower and its own tables, named by its projectionVersion; readers use the views
 * without version. A new version, or a rebuild of the same one, is built beside what readers see, and the view moves on
 * when it has caught up. Of several processes that run the same projection one does, and another takes over within ten
 * seconds if that one dies or stands still. {@link ReadModels} says what there is and looks after it.
 */
public final class ReadDatabase {
    private final DataSource database;
    private final FollowerSettings settings;
    private final ReadTables tables;
    private final Map<String, Follower> running = new ConcurrentHashMap<>();

    /** Creates the door to {@code database}; {@link Sqlite#open} makes one out of a file. Nothing is touched yet. */
    public ReadDatabase(DataSource database) {
        this(database, standardSettings());
    }

    /** Returns the settings of followers where none are given. */
    public static FollowerSettings standardSettings() {
        // Platform threads: drivers block in native code or with locks held, which would hold up all virtual threads.
        return FollowerSettings.standard()
                .withThreads(Thread.ofPlatform()
                        .daemon()
                        .name("leftfold-projection-", 0)
                        .factory());
    }

    /** Creates the door to {@code database}, with followers that work as {@code settings} say. */
    public ReadDatabase(DataSource database, FollowerSettings settings) {
        this(database, settings, new ReadTables(database));
    }

    ReadDatabase(DataSource database, FollowerSettings settings, ReadTables tables) {
        this.database = database;
        this.settings = settings;
        this.tables = tables;
    }

    /**
     * Returns a follower, already started, that keeps the projection's tables up to date with {@code store}. Its status
     * says if it could not start. Where another process runs the same projection, it waits, and takes over when that
     * one has ended.
     *
     * @throws IllegalStateException if this object runs a projection of that name and version already
     */
    public Follower run(EventStore store, JdbcProjection projection) {
        return running.compute(projection.id().toString(), (name, before) -> {
            if (before != null && !hasEnded(before)) {
                throw new IllegalStateException("projection " + name
                        + " runs here already; two projections need two names, or one of them another version");
            }
            return start(store, projection, new BuildSink(tables, store, projection, false));
        });
    }

    /**
     * Returns a follower, already started, that keeps the documents up to date with {@code store}, as {@link #run(
     * EventStore, JdbcProjection)} does. They are rows ({@code key}, {@code document}) of a view with the projection's
     * name, {@code _} in place of {@code -}.
     */
    public <D> Follower run(EventStore store, Projection<Documents<D>> projection, DocumentCodec<D> codec) {
        return run(store, new DocumentProjection<>(projection, codec));
    }

    /**
     * Returns a rebuild, already started: new builds of {@code projections} from the first event on, beside those that
     * readers see, which share one scan of the log. A rebuild that broke off, by this process or another, goes on where
     * it was. Each new build is shown once it has caught up; the old one is kept, see {@link ReadModels#rollback}.
     */
    public Rebuild rebuild(EventStore store, Collection<? extends JdbcProjection> projections) {
        SharedScan scan = new SharedScan(
                store,
                projections.stream()
                        .map(projection -> projection.projection().query())
                        .toList());
        List<Rebuild.Part> parts = new ArrayList<>();
        for (JdbcProjection projection : projections) {
            BuildSink sink = new BuildSink(tables, store, projection, true);
            parts.add(new Rebuild.Part(start(scan, projection, sink), sink));
        }
        return new Rebuild(parts);
    }

    /** Returns what there is, and how to look after it. */
    public ReadModels models() {
        return new ReadModels(tables, settings.clock());
    }

    /**
     * Returns the document at {@code key} as readers now see it.
     *
     * @param name the projection's name
     * @throws DatabaseException if the database fails or has no such projection
     */
    public <D> Optional<D> document(String name, String key, DocumentCodec<D> codec) {
        String view = TableName.view(new ProjectionId(name, 1));
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT document FROM " + view + " WHERE key = ?")) {
            select.setString(1, key);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(codec.fromText(row.getString(1))) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new DatabaseException("cannot read a document of " + name, e);
        }
    }

    private Follower start(EventStore store, JdbcProjection projection, BuildSink sink) {
        Projection<?> handlers = projection.projection();
        FollowerSettings telling = settings.withListener(new FailureKeeper(settings.listener(), sink));
        return Follower.start(handlers.id().toString(), store, handlers.query(), sink, telling);
    }

    private static boolean hasEnded(Follower follower) {
        FollowerStatus.State state = follower.status().state();
        return state instanceof FollowerStatus.State.Stopped || state instanceof FollowerStatus.State.Failed;
    }

    /** Has the database keep why a follower gave up. */
    private record FailureKeeper(FollowerListener next, BuildSink sink) implements FollowerListener {
        @Override
        public void taken(String follower, int events, Duration took) {
            next.taken(follower, events, took);
        }

        @Override
        public void waits(String follower, String reason) {
            next.waits(follower, reason);
        }

        @Override
        public void parked(String follower, RecordedEvent event, Throwable cause) {
            next.parked(follower, event, cause);
        }

        @Override
        public void failed(String follower, FollowerStatus.State.Failed state) {
            sink.failed(state);
            next.failed(follower, state);
        }
    }
}
