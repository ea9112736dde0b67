// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.readmodel;

import java.time.LocalDate;
import leftfold.example.marketnews.NewsEvent;
import leftfold.example.marketnews.article.ArticleEvent.ArticleIngested;
import leftfold.projection.Documents;
import leftfold.projection.Projection;
import leftfold.schema.EventCodec;
import org.jspecify.annotations.Nullable;

/** How much is written about each topic: a projection into one document for each topic. */
public final class TrendingTopics {
    private TrendingTopics() {}

    /**
     * What is written about a topic. Immutable.
     *
     * @param day the last day with an article on it
     * @param articles the articles of that day
     * @param articlesBefore the articles of the last such day before
     */
    public record Trend(LocalDate day, int articles, int articlesBefore) {
        private static Trend after(@Nullable Trend before, LocalDate day) {
            if (before == null) {
                return new Trend(day, 1, 0);
            }
            return before.day.equals(day)
                    ? new Trend(day, before.articles + 1, before.articlesBefore)
                    : new Trend(day, 1, before.articles);
        }
    }

    /** Returns the projection, over events that {@code codec} reads. */
    public static Projection<Documents<Trend>> projection(EventCodec<NewsEvent> codec) {
        return Projection.<NewsEvent, Trend>documents("trending-topics", 1, codec)
                .onEach(
                        ArticleIngested.class,
                        e -> e.event().topics(),
                        (trend, e) -> Trend.after(trend, Days.of(e.event().at())))
                .build();
    }
}
