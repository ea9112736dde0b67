// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import javax.sql.DataSource;
import leftfold.example.marketnews.NewsEvent;
import leftfold.example.marketnews.readmodel.SourceReliability.TrackRecord;
import leftfold.example.marketnews.readmodel.TrendingTopics.Trend;
import leftfold.jdbc.DatabaseException;
import leftfold.jdbc.DocumentCodec;
import leftfold.jdbc.DocumentProjection;
import leftfold.jdbc.JdbcProjection;
import leftfold.jdbc.ReadDatabase;
import leftfold.schema.EventCodec;
import leftfold.store.EventStore;
import leftfold.subscription.Follower;
import tools.jackson.databind.json.JsonMapper;

/** The read models in one database, kept up to date in the background. Safe for use by many threads. */
public final class ReadModels implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final DocumentCodec<Trend> TREND =
            DocumentCodec.of(JSON::writeValueAsString, text -> JSON.readValue(text, Trend.class));
    private static final DocumentCodec<TrackRecord> TRACK_RECORD =
            DocumentCodec.of(JSON::writeValueAsString, text -> JSON.readValue(text, TrackRecord.class));

    private final DataSource database;
    private final List<Follower> followers;

    /** A topic and how much is written about it. */
    public record TopicRow(String topic, Trend trend) {}

    /** A source and how often it is right. */
    public record SourceRow(String source, TrackRecord record) {}

    private ReadModels(DataSource database, List<Follower> followers) {
        this.database = database;
        this.followers = followers;
    }

    /** Returns the projections, over events that {@code codec} reads. */
    public static List<JdbcProjection> projections(EventCodec<NewsEvent> codec) {
        return List.of(
                Feed.projection(codec),
                new DocumentProjection<>(TrendingTopics.projection(codec), TREND),
                new DocumentProjection<>(SourceReliability.projection(codec), TRACK_RECORD));
    }

    /** Returns the read models in {@code database}, which begin to catch up with {@code store}. */
    public static ReadModels start(EventStore store, EventCodec<NewsEvent> codec, DataSource database) {
        ReadDatabase models = new ReadDatabase(database);
        return new ReadModels(
                database,
                projections(codec).stream()
                        .map(projection -> models.run(store, projection))
                        .toList());
    }

    /**
     * Waits until the read models show everything up to {@code position}.
     *
     * @throws IllegalStateException if they do not within {@code timeout}; the message says how far each has got
     */
    public void await(long position, Duration timeout) throws InterruptedException {
        for (Follower follower : followers) {
            if (!follower.await(position, timeout)) {
                throw new IllegalStateException("a projection does not keep up: " + follower.status());
            }
        }
    }

    /** Returns the personal feeds. */
    public Feed feed() {
        return new Feed(database);
    }

    /**
     * Returns the topics that are written about most, those of the newest day first.
     *
     * @throws DatabaseException if the database fails
     */
    public List<TopicRow> trendingTopics(int limit) {
        return documents("trending_topics", (topic, text) -> new TopicRow(topic, TREND.fromText(text))).stream()
                .sorted(Comparator.comparing((TopicRow row) -> row.trend().day())
                        .thenComparingInt(row -> row.trend().articles())
                        .reversed()
                        .thenComparing(TopicRow::topic))
                .limit(limit)
                .toList();
    }

    /**
     * Returns the sources, the most reliable first.
     *
     * @throws DatabaseException if the database fails
     */
    public List<SourceRow> sourceReliability(int limit) {
        return documents("source_reliability", (source, text) -> new SourceRow(source, TRACK_RECORD.fromText(text)))
                .stream()
                .sorted(Comparator.comparingInt((SourceRow row) -> row.record().permille())
                        .reversed()
                        .thenComparing(SourceRow::source))
                .limit(limit)
                .toList();
    }

    /** Stops the followers; what they have not finished comes at the next start. */
    @Override
    public void close() {
        followers.forEach(Follower::close);
    }

    private <R> List<R> documents(String view, BiFunction<String, String, R> row) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT key, document FROM " + view);
                ResultSet found = select.executeQuery()) {
            List<R> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(row.apply(found.getString(1), found.getString(2)));
            }
            return rows;
        } catch (SQLException e) {
            throw new DatabaseException("cannot read " + view, e);
        }
    }
}
