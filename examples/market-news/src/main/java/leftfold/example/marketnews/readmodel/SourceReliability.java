// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.readmodel;

import leftfold.example.marketnews.NewsEvent;
import leftfold.example.marketnews.article.ArticleEvent.ArticleCorrected;
import leftfold.example.marketnews.article.ArticleEvent.ArticleIngested;
import leftfold.example.marketnews.article.ArticleEvent.ArticleRetracted;
import leftfold.projection.Documents;
import leftfold.projection.Projection;
import leftfold.schema.EventCodec;
import org.jspecify.annotations.Nullable;

/** How often each source is right: a projection into one document for each source. */
public final class SourceReliability {
    private static final int PERMILLE = 1000;

    private SourceReliability() {}

    /** What became of a source's articles. Immutable. */
    public record TrackRecord(int articles, int corrected, int retracted) {
        /** Returns how many articles in a thousand needed neither correction nor retraction; 1000 if there are none. */
        public int permille() {
            return articles == 0 ? PERMILLE : PERMILLE * Math.max(0, articles - corrected - retracted) / articles;
        }

        private static TrackRecord orNew(@Nullable TrackRecord record) {
            return record == null ? new TrackRecord(0, 0, 0) : record;
        }

        private TrackRecord plus(int moreArticles, int moreCorrected, int moreRetracted) {
            return new TrackRecord(articles + moreArticles, corrected + moreCorrected, retracted + moreRetracted);
        }
    }

    /** Returns the projection, over events that {@code codec} reads. */
    public static Projection<Documents<TrackRecord>> projection(EventCodec<NewsEvent> codec) {
        return Projection.<NewsEvent, TrackRecord>documents("source-reliability", 1, codec)
                .on(
                        ArticleIngested.class,
                        e -> e.event().source(),
                        (r, e) -> TrackRecord.orNew(r).plus(1, 0, 0))
                .on(
                        ArticleCorrected.class,
                        e -> e.event().source(),
                        (r, e) -> TrackRecord.orNew(r).plus(0, 1, 0))
                .on(
                        ArticleRetracted.class,
                        e -> e.event().source(),
                        (r, e) -> TrackRecord.orNew(r).plus(0, 0, 1))
                .build();
    }
}
