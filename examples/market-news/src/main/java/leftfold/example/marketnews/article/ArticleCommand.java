// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.article;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/** What can be asked of an article. */
public sealed interface ArticleCommand {
    /** Returns the article's id. */
    String article();

    /** Returns when it is asked, in business time: a decider looks at no clock. */
    Instant at();

    /** Take in an article that a source published. */
    record Ingest(String article, String source, String headline, List<String> topics, List<String> symbols, Instant at)
            implements ArticleCommand {}

    /**
     * Record what a model computed.
     *
     * @param scores by audience
     */
    record RecordScores(String article, SortedMap<String, Score> scores, Instant at) implements ArticleCommand {}

    /** Replace headline and topics. */
    record Correct(String article, String headline, List<String> topics, Instant at) implements ArticleCommand {}

    /** Take the article back. */
    record Retract(String article, String reason, Instant at) implements ArticleCommand {}
}
