// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import leftfold.example.marketnews.article.ArticleCommand;
import leftfold.example.marketnews.article.ArticleCommand.Correct;
import leftfold.example.marketnews.article.ArticleCommand.Ingest;
import leftfold.example.marketnews.article.ArticleCommand.Retract;
import leftfold.example.marketnews.traffic.Step.Scoring;
import leftfold.example.marketnews.traffic.Step.ToArticle;

/** The news wire: articles, and the corrections and retractions of those that were wrong. Confined to one thread. */
final class Wire {
    private static final int ARTICLES_PER_HOUR = 16;
    private static final Duration BETWEEN_ARTICLES = Duration.ofSeconds(75);
    private static final Duration UNTIL_SCORED = Duration.ofSeconds(5);
    private static final int PERCENT_RETRACTED = 30;

    private final Script script;
    private final List<String> articles = new ArrayList<>();
    private final List<Article> wrong = new ArrayList<>();

    /** An article that was published. */
    private record Article(String id, Story story) {}

    Wire(Script script) {
        this.script = script;
    }

    /** Publishes an hour's articles, and before them corrects or retracts what was wrong in the last one. */
    void hour(Instant at) {
        wrong.forEach(article -> putRight(article, at));
        wrong.clear();
        for (int i = 1; i <= ARTICLES_PER_HOUR; i++) {
            publish(at.plus(BETWEEN_ARTICLES.multipliedBy(i)));
        }
    }

    /** Returns the ids of all articles so far, the oldest first. */
    List<String> articles() {
        return articles;
    }

    private void publish(Instant at) {
        String id = script.ids().nextArticle();
        Story story = Story.random(script);
        articles.add(id);
        String source = story.source().name();
        command(new Ingest(id, source, story.headline(), story.topics(), story.symbols(), at));
        score(id, at);
        if (script.chance(story.source().percentWrong())) {
            wrong.add(new Article(id, story));
        }
    }

    private void putRight(Article article, Instant at) {
        if (script.chance(PERCENT_RETRACTED)) {
            command(new Retract(article.id(), "could not be confirmed", at));
            return;
        }
        Story right = article.story().corrected(script);
        command(new Correct(article.id(), right.headline(), right.topics(), at));
        score(article.id(), at);
    }

    private void score(String article, Instant at) {
        script.steps().add(new Scoring(script.ids().next(), article, at.plus(UNTIL_SCORED)));
    }

    private void command(ArticleCommand command) {
        script.steps().add(new ToArticle(script.ids().next(), command));
    }
}
