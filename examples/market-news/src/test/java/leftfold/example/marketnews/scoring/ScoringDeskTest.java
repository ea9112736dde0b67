// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.decider.CommandContext;
import leftfold.example.marketnews.article.Article;
import leftfold.example.marketnews.article.ArticleCommand.Ingest;
import leftfold.example.marketnews.article.ArticleCommand.Retract;
import leftfold.example.marketnews.article.ArticleEvent.ArticleScored;
import leftfold.example.marketnews.article.Input;
import leftfold.example.marketnews.article.Score;
import leftfold.example.marketnews.instrument.Instrument;
import leftfold.example.marketnews.instrument.InstrumentEvent;
import leftfold.example.marketnews.instrument.InstrumentEvent.PriceTicked;
import leftfold.example.marketnews.instrument.InstrumentEvent.TradingHalted;
import leftfold.example.marketnews.newsroom.Newsroom;
import leftfold.example.marketnews.subscriptions.Subscriptions;
import leftfold.example.marketnews.subscriptions.SubscriptionsCommand.Subscribe;
import leftfold.example.marketnews.subscriptions.SubscriptionsCommand.Unsubscribe;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent.Reason;
import leftfold.memory.MemoryEventStore;
import leftfold.schema.EncodedEvent;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ScoringDeskTest {
    private static final Instant AT = Instant.parse("2026-01-05T09:00:00Z");

    private final EventStore store = new MemoryEventStore();
    private final Newsroom newsroom = Newsroom.on(store);
    private final ScoringDesk desk = new ScoringDesk(store, newsroom);
    private final Readership readership = new Readership(store);

    @Test
    void a_score_grows_with_the_topics_that_match_and_with_the_move_of_the_price() {
        follow("ada", "energy");
        follow("bela", "energy", "rates");
        publish("calm", List.of("energy", "rates"), List.of());
        tick("96.00");
        publish("moved", List.of("energy", "rates"), List.of("VRD"));

        assertThat(permille("calm")).containsExactly(350, 550);
        assertThat(permille("moved")).containsExactly(550, 750);
    }

    @Test
    void no_score_exceeds_1000_permille() {
        follow("ada", "energy");
        tick("900.00");
        publish("a1", List.of("energy"), List.of("VRD"));

        assertThat(permille("a1")).containsExactly(1000);
    }

    @Test
    void who_follows_none_of_the_topics_gets_no_score() {
        follow("ada", "energy", "rates");
        newsroom.subscriptions().handle(Subscriptions.stream("ada"), new Unsubscribe("ada", "energy", AT));
        publish("a1", List.of("energy"), List.of());

        assertThat(scores("a1")).isEmpty();
    }

    @Test
    void a_score_names_the_events_it_was_made_from() {
        follow("ada", "energy", "rates");
        tick("100.00");
        tick("101.00");
        append(new TradingHalted("VRD", "too fast", AT));
        publish("a1", List.of("rates"), List.of("VRD"));

        assertThat(scores("a1"))
                .singleElement()
                .extracting(ArticleScored::score)
                .extracting(Score::inputs)
                .isEqualTo(List.of(
                        new Input("article-a1", 1, 1),
                        new Input("instrument-VRD", 2, 2),
                        new Input("subscriptions-ada", 1, 2)));
    }

    @Test
    void a_retracted_article_is_not_scored() {
        follow("ada", "energy");
        newsroom.articles().handle(Article.stream("a1"), ingest("a1", List.of("energy"), List.of()));
        newsroom.articles().handle(Article.stream("a1"), new Retract("a1", "not confirmed", AT));
        score("a1");

        assertThat(scores("a1")).isEmpty();
    }

    @Test
    void scoring_again_with_the_same_command_records_nothing_new() {
        follow("ada", "energy");
        CommandContext context = CommandContext.random();
        newsroom.articles().handle(Article.stream("a1"), ingest("a1", List.of("energy"), List.of()));
        desk.score("a1", readership.now(), AT, context);
        follow("ada", "rates");
        desk.score("a1", readership.now(), AT, context);

        assertThat(scores("a1")).hasSize(1);
    }

    private void follow(String reader, String... topics) {
        var command = new Subscribe(reader, List.of(topics), Reason.CHOSEN, AT);
        newsroom.subscriptions().handle(Subscriptions.stream(reader), command);
    }

    private void tick(String price) {
        append(new PriceTicked("VRD", new BigDecimal(price), new BigDecimal("100.00"), AT));
    }

    private void append(InstrumentEvent event) {
        EncodedEvent encoded = Instrument.CODEC.encode(event);
        Event fact = new Event(
                UUID.randomUUID(),
                encoded.type(),
                encoded.schemaVersion(),
                encoded.data(),
                Metadata.none(),
                encoded.tags());
        store.append(List.of(new StreamWrite(Instrument.stream("VRD"), List.of(fact))), List.of());
    }

    private void publish(String article, List<String> topics, List<String> symbols) {
        newsroom.articles().handle(Article.stream(article), ingest(article, topics, symbols));
        score(article);
    }

    private static Ingest ingest(String article, List<String> topics, List<String> symbols) {
        return new Ingest(article, "Northwire", "Verdant Power", topics, symbols, AT);
    }

    private void score(String article) {
        desk.score(article, readership.now(), AT, CommandContext.random());
    }

    private List<Integer> permille(String article) {
        return scores(article).stream().map(scored -> scored.score().permille()).toList();
    }

    private List<ArticleScored> scores(String article) {
        try (Stream<RecordedEvent> events = store.readStream(Article.stream(article))) {
            return events.map(Article.CODEC::decode)
                    .filter(ArticleScored.class::isInstance)
                    .map(ArticleScored.class::cast)
                    .toList();
        }
    }
}
