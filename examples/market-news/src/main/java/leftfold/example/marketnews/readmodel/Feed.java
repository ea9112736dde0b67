// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import leftfold.example.marketnews.NewsEvent;
import leftfold.example.marketnews.article.ArticleEvent.ArticleCorrected;
import leftfold.example.marketnews.article.ArticleEvent.ArticleIngested;
import leftfold.example.marketnews.article.ArticleEvent.ArticleRetracted;
import leftfold.example.marketnews.article.ArticleEvent.ArticleScored;
import leftfold.example.marketnews.interactions.InteractionsEvent.ArticleDismissed;
import leftfold.jdbc.DatabaseException;
import leftfold.jdbc.SqlModel;
import leftfold.jdbc.SqlProjection;
import leftfold.schema.EventCodec;

/** Each reader's articles, the newest day's best first: a projection in SQL. Safe for use by many threads. */
public final class Feed {
    private static final String TOP = """
            SELECT article, day, source, headline, permille FROM feed JOIN feed_article USING (article)
            WHERE reader = ? AND NOT dismissed ORDER BY day DESC, permille DESC, article DESC LIMIT ?""";

    private final DataSource database;

    /** An article in a feed. */
    public record Entry(String article, String day, String source, String headline, int permille) {}

    /** Creates the query over the tables in {@code database}. */
    public Feed(DataSource database) {
        this.database = database;
    }

    /** Returns the projection, over events that {@code codec} reads. */
    public static SqlProjection projection(EventCodec<NewsEvent> codec) {
        return SqlProjection.declare("feed", 1, codec)
                .table("feed_article", "article TEXT PRIMARY KEY, day TEXT, source TEXT, headline TEXT")
                .table(
                        "feed",
                        "reader TEXT, article TEXT, permille INTEGER, dismissed BOOLEAN, PRIMARY KEY (reader, article)")
                .on(ArticleIngested.class, (sql, e) -> ingested(sql, e.event()))
                .on(ArticleScored.class, (sql, e) -> scored(sql, e.event()))
                .on(ArticleCorrected.class, (sql, e) -> corrected(sql, e.event()))
                .on(ArticleRetracted.class, (sql, e) -> retracted(sql, e.event()))
                .on(ArticleDismissed.class, (sql, e) -> dismissed(sql, e.event()))
                .build();
    }

    /**
     * Returns the first articles in the feed of {@code reader}.
     *
     * @throws DatabaseException if the database fails
     */
    public List<Entry> top(String reader, int limit) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(TOP)) {
            select.setString(1, reader);
            select.setInt(2, limit);
            List<Entry> entries = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(new Entry(
                            row.getString("article"),
                            row.getString("day"),
                            row.getString("source"),
                            row.getString("headline"),
                            row.getInt("permille")));
                }
            }
            return entries;
        } catch (SQLException e) {
            throw new DatabaseException("cannot read the feed of " + reader, e);
        }
    }

    private static void ingested(SqlModel sql, ArticleIngested event) throws SQLException {
        String day = Days.of(event.at()).toString();
        sql.update(
                "INSERT INTO " + sql.table("feed_article") + " (article, day, source, headline) VALUES (?, ?, ?, ?)",
                event.article(),
                day,
                event.source(),
                event.headline());
    }

    private static void scored(SqlModel sql, ArticleScored event) throws SQLException {
        sql.update(
                "INSERT INTO " + sql.table("feed") + " (reader, article, permille, dismissed) VALUES (?, ?, ?, FALSE)"
                        + " ON CONFLICT (reader, article) DO UPDATE SET permille = excluded.permille",
                event.audience(),
                event.article(),
                event.score().permille());
    }

    private static void corrected(SqlModel sql, ArticleCorrected event) throws SQLException {
        sql.update(
                "UPDATE " + sql.table("feed_article") + " SET headline = ? WHERE article = ?",
                event.headline(),
                event.article());
    }

    private static void retracted(SqlModel sql, ArticleRetracted event) throws SQLException {
        sql.update("DELETE FROM " + sql.table("feed") + " WHERE article = ?", event.article());
        sql.update("DELETE FROM " + sql.table("feed_article") + " WHERE article = ?", event.article());
    }

    /** What is dismissed keeps its row: a new score must not bring it back. */
    private static void dismissed(SqlModel sql, ArticleDismissed event) throws SQLException {
        sql.update(
                "INSERT INTO " + sql.table("feed") + " (reader, article, permille, dismissed) VALUES (?, ?, 0, TRUE)"
                        + " ON CONFLICT (reader, article) DO UPDATE SET dismissed = TRUE",
                event.reader(),
                event.article());
    }
}
