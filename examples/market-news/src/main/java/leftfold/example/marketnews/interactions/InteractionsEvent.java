// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.interactions;

import java.time.Instant;
import leftfold.example.marketnews.NewsEvent;
import leftfold.schema.EventTag;
import leftfold.schema.EventType;

/** What a reader does with the feed. */
public sealed interface InteractionsEvent extends NewsEvent {
    /** Returns the reader's id. */
    String reader();

    /** Returns the article's id. */
    String article();

    /** The reader opened an article. */
    @EventType("ArticleOpened")
    record ArticleOpened(
            @EventTag("reader") String reader,
            @EventTag("article") String article,
            Instant at) implements InteractionsEvent {}

    /** The reader does not want to see an article any more. */
    @EventType("ArticleDismissed")
    record ArticleDismissed(
            @EventTag("reader") String reader,
            @EventTag("article") String article,
            Instant at) implements InteractionsEvent {}
}
