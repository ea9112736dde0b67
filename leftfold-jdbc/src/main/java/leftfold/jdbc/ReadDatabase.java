// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import leftfold.projection.Documents;
import leftfold.projection.Projection;
import leftfold.projection.ProjectionId;
import leftfold.store.EventStore;
import leftfold.subscription.Follower;
import leftfold.subscription.FollowerSettings;

/**
 * A database of read models, and what fills them. Safe for use by many threads, where the data source is.
 *
 * <p>Each projection has its own follower and its own tables, named by its projectionVersion; readers use the views
 * without version. A new version is built beside the old one, and the view moves on when it has caught up.
 */
public final class ReadDatabase {
    private final DataSource database;
    private final FollowerSettings settings;

    /** Creates the door to {@code database}; {@link Sqlite#open} makes one out of a file. Nothing is touched yet. */
    public ReadDatabase(DataSource database) {
        // Platform threads: drivers block in native code or with locks held, which would hold up all virtual threads.
        this(
                database,
                FollowerSettings.standard()
                        .withThreads(Thread.ofPlatform()
                                .daemon()
                                .name("leftfold-projection-", 0)
                                .factory()));
    }

    /** Creates the door to {@code database}, with followers that work as {@code settings} say. */
    public ReadDatabase(DataSource database, FollowerSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    /**
     * Returns a follower, already started, that keeps the projection's tables up to date with {@code store}. Its status
     * says if it could not start; a second one for the same projection fails without having changed anything.
     */
    public Follower run(EventStore store, SqlProjection projection) {
        return run(store, projection.projection(), new SqlReadModel(projection));
    }

    /**
     * Returns a follower, already started, that keeps the documents up to date with {@code store}, as {@link #run(
     * EventStore, SqlProjection)} does. They are rows ({@code key}, {@code document}) of a view with the projection's
     * name, {@code _} in place of {@code -}.
     */
    public <D> Follower run(EventStore store, Projection<Documents<D>> projection, DocumentCodec<D> codec) {
        return run(store, projection, new DocumentReadModel<>(projection, codec));
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

    private Follower run(EventStore store, Projection<?> projection, ReadModel model) {
        ReadModelSink sink = new ReadModelSink(database, model, store.id());
        return Follower.start(projection.id().toString(), store, projection.query(), sink, settings);
    }
}
