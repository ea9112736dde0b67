// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.article;

import java.time.Instant;
import java.util.List;
import leftfold.example.marketnews.NewsEvent;
import leftfold.schema.EventTag;
import leftfold.schema.EventType;

/** What happens to an article. Each fact names article and source, so that it can be read alone. */
public sealed interface ArticleEvent extends NewsEvent {
    /** Returns the article's id. */
    String article();

    /** Returns who published it. */
    String source();

    /** A source published an article, and we took it in. */
    @EventType("ArticleIngested")
    record ArticleIngested(
            String article,
            @EventTag("source") String source,
            String headline,
            @EventTag("topic") List<String> topics,
            @EventTag("symbol") List<String> symbols,
            Instant at)
            implements ArticleEvent {
        /** Copies. */
        public ArticleIngested {
            topics = List.copyOf(topics);
            symbols = List.copyOf(symbols);
        }
    }

    /**
     * A model scored the article for somebody. The fourth version of this event; all four can be read.
     *
     * @param audience the reader's id, or {@link #EVERYONE}
     */
    @EventType(value = "ArticleScored", version = 4)
    record ArticleScored(
            String article,
            @EventTag("source") String source,
            @EventTag("audience") String audience,
            Score score,
            Instant at)
            implements ArticleEvent {
        /** The audience of the scores from before there were personal ones. */
        public static final String EVERYONE = "everyone";
    }

    /** The source corrected the article. Scores from before stand, for they were given; new ones may follow. */
    @EventType("ArticleCorrected")
    record ArticleCorrected(
            String article,
            @EventTag("source") String source,
            String headline,
            @EventTag("topic") List<String> topics,
            Instant at)
            implements ArticleEvent {
        /** Copies. */
        public ArticleCorrected {
            topics = List.copyOf(topics);
        }
    }

    /** The source took the article back. */
    @EventType("ArticleRetracted")
    record ArticleRetracted(
            String article, @EventTag("source") String source, String reason, Instant at) implements ArticleEvent {}
}
