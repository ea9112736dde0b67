// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.article;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leftfold.example.marketnews.CommandRefused;
import leftfold.example.marketnews.article.ArticleCommand.Correct;
import leftfold.example.marketnews.article.ArticleCommand.Ingest;
import leftfold.example.marketnews.article.ArticleCommand.RecordScores;
import leftfold.example.marketnews.article.ArticleCommand.Retract;
import leftfold.example.marketnews.article.ArticleEvent.ArticleCorrected;
import leftfold.example.marketnews.article.ArticleEvent.ArticleIngested;
import leftfold.example.marketnews.article.ArticleEvent.ArticleRetracted;
import leftfold.example.marketnews.article.ArticleEvent.ArticleScored;
import leftfold.testkit.DeciderFixture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ArticleTest {
    private static final Instant AT = Instant.parse("2026-01-05T09:00:00Z");

    private final DeciderFixture<ArticleCommand, ArticleEvent, Article.State> article =
            DeciderFixture.of(new Article());

    private static final Ingest INGEST = new Ingest("a1", "Northwire", "Up", List.of("energy"), List.of("VRD"), AT);
    private static final ArticleIngested INGESTED =
            new ArticleIngested("a1", "Northwire", "Up", List.of("energy"), List.of("VRD"), AT);
    private static final Correct CORRECT = new Correct("a1", "Down", List.of("rates"), AT);
    private static final ArticleCorrected CORRECTED =
            new ArticleCorrected("a1", "Northwire", "Down", List.of("rates"), AT);
    private static final ArticleRetracted RETRACTED = new ArticleRetracted("a1", "Northwire", "not confirmed", AT);
    private static final Score SCORE = new Score(new Model("relevance", "3.1"), 730, List.of("energy"), List.of());
    private static final RecordScores RECORD =
            new RecordScores("a1", new TreeMap<>(Map.of("bela", SCORE, "ada", SCORE)), AT);

    @Test
    void an_article_is_ingested_once() {
        article.given().when(INGEST).then(INGESTED);
        article.given(INGESTED).when(INGEST).thenNothing();
        article.given(INGESTED, RETRACTED).when(INGEST).thenNothing();
    }

    @Test
    void scores_are_recorded_for_each_audience_in_order() {
        article.given(INGESTED)
                .when(RECORD)
                .then(
                        new ArticleScored("a1", "Northwire", "ada", SCORE, AT),
                        new ArticleScored("a1", "Northwire", "bela", SCORE, AT));
    }

    @Test
    void a_correction_replaces_headline_and_topics() {
        article.given(INGESTED).when(CORRECT).then(CORRECTED);
        article.given(INGESTED, CORRECTED)
                .thenState(new Article.State.Published("Northwire", "Down", List.of("rates"), List.of("VRD")));
    }

    @Test
    void a_correction_to_what_is_there_changes_nothing() {
        article.given(INGESTED, CORRECTED).when(CORRECT).thenNothing();
    }

    @Test
    void what_is_retracted_is_neither_scored_nor_corrected() {
        article.given(INGESTED).when(new Retract("a1", "not confirmed", AT)).then(RETRACTED);
        article.given(INGESTED, RETRACTED).when(RECORD).thenRefused(CommandRefused.class);
        article.given(INGESTED, RETRACTED).when(CORRECT).thenRefused(CommandRefused.class);
        article.given(INGESTED, RETRACTED).when(new Retract("a1", "again", AT)).thenNothing();
    }

    @Test
    void nothing_can_be_done_with_an_article_that_was_never_ingested() {
        article.given().when(RECORD).thenRefused(CommandRefused.class);
        article.given().when(CORRECT).thenRefused(CommandRefused.class);
        article.given().when(new Retract("a1", "why", AT)).thenRefused(CommandRefused.class);
    }
}
