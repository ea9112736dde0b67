// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.demo;

import java.util.Locale;
import leftfold.example.marketnews.NewsEvent;
import leftfold.example.marketnews.article.ArticleEvent.ArticleCorrected;
import leftfold.example.marketnews.article.ArticleEvent.ArticleIngested;
import leftfold.example.marketnews.article.ArticleEvent.ArticleScored;
import leftfold.example.marketnews.instrument.InstrumentEvent.PriceTicked;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent.TopicSubscribed;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent.TopicUnsubscribed;

/** Events in a few words. */
final class Sentence {
    private static final int PERMILLE = 1000;

    private Sentence() {}

    /** Returns what {@code event} says. */
    static String of(NewsEvent event) {
        return switch (event) {
            case ArticleIngested e -> e.source() + ": \"" + e.headline() + "\" " + e.topics();
            case ArticleCorrected e -> e.source() + ": \"" + e.headline() + "\" " + e.topics();
            case ArticleScored e ->
                fraction(e.score().permille()) + " for " + e.audience() + " by "
                        + e.score().model().name() + "@" + e.score().model().version() + ", matched "
                        + e.score().topics();
            case TopicSubscribed e -> e.reader() + " follows " + e.topic();
            case TopicUnsubscribed e -> e.reader() + " no longer follows " + e.topic();
            case PriceTicked e -> e.symbol() + " at " + e.price() + ", opened at " + e.open();
            default -> event.toString();
        };
    }

    /** Returns {@code permille} as a number with three decimals, such as 0.730. */
    static String fraction(int permille) {
        return String.format(Locale.ROOT, "%d.%03d", permille / PERMILLE, permille % PERMILLE);
    }
}
