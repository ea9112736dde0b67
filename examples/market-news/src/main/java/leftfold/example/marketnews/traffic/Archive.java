// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import leftfold.example.marketnews.article.Article;
import leftfold.example.marketnews.article.ArticleEvent.ArticleIngested;
import leftfold.schema.EncodedEvent;
import leftfold.store.Data;
import leftfold.store.Tag;

/**
 * The months before the first day, as the deployments of that time wrote them: {@code ArticleScored} in its first three
 * schema versions, for everyone. The text is written here by hand, for the code that wrote it is gone.
 */
final class Archive {
    private static final int ARTICLES = 110;
    private static final Duration BETWEEN_ARTICLES = Duration.ofHours(6);
    private static final Duration UNTIL_SCORED = Duration.ofSeconds(40);
    private static final int SCORE_BELOW = 91;

    private Archive() {}

    /** A deployment, by the schema version that it wrote. */
    private enum Deployment {
        FIRST(1, "2025-10-01", "news-loader@1.0", """
                {"article":"%s","publisher":"%s","model":"lexicon@1.2","topics":"%s","score":%d,"at":"%s"}"""),
        SECOND(2, "2025-11-01", "news-loader@1.4", """
                {"article":"%s","source":"%s","model":"lexicon@1.3","topics":"%s","score":%d,"at":"%s"}"""),
        THIRD(3, "2025-12-01", "newsroom@2.0", """
                {"article":"%s","source":"%s","model":{"name":"relevance","version":"2.0"},\
                "topics":["%s"],"score":%d,"at":"%s"}""");

        private final int schemaVersion;
        private final LocalDate since;
        private final String producer;
        private final String json;

        Deployment(int schemaVersion, String since, String producer, String json) {
            this.schemaVersion = schemaVersion;
            this.since = LocalDate.parse(since);
            this.producer = producer;
            this.json = json;
        }
    }

    /** Returns everything that was observed before the first day. */
    static List<Step> steps(long seed) {
        List<Step> steps = new ArrayList<>();
        for (Deployment deployment : Deployment.values()) {
            steps.add(month(seed, deployment));
        }
        return steps;
    }

    private static Step month(long seed, Deployment deployment) {
        Ids ids = new Ids(seed, deployment.since);
        Script script = new Script(new Random(seed + deployment.since.toEpochDay()), ids, new ArrayList<>());
        Observations month = new Observations(ids, deployment.producer);
        Instant at = deployment.since.atStartOfDay(ZoneOffset.UTC).toInstant();
        for (int i = 0; i < ARTICLES; i++) {
            String article = ids.nextArticle();
            Story story = Story.random(script);
            var ingested = new ArticleIngested(
                    article, story.source().name(), story.headline(), story.topics(), story.symbols(), at);
            month.add(Article.stream(article), Article.CODEC.encode(ingested));
            int percent = script.random().nextInt(SCORE_BELOW);
            month.add(Article.stream(article), scored(deployment, article, story, percent, at.plus(UNTIL_SCORED)));
            at = at.plus(BETWEEN_ARTICLES);
        }
        return month.step();
    }

    private static EncodedEvent scored(Deployment deployment, String article, Story story, int percent, Instant at) {
        String separator = deployment == Deployment.THIRD ? "\",\"" : ",";
        String source = story.source().name();
        String json = String.format(
                Locale.ROOT, deployment.json, article, source, String.join(separator, story.topics()), percent, at);
        return new EncodedEvent(
                "ArticleScored", deployment.schemaVersion, Data.json(json), Set.of(Tag.of("source", source)));
    }
}
