// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.regulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import leftfold.decider.CommandContext;
import leftfold.example.marketnews.article.Article;
import leftfold.example.marketnews.article.ArticleCommand.Correct;
import leftfold.example.marketnews.article.ArticleCommand.Ingest;
import leftfold.example.marketnews.instrument.Instrument;
import leftfold.example.marketnews.instrument.InstrumentEvent.PriceTicked;
import leftfold.example.marketnews.newsroom.Newsroom;
import leftfold.example.marketnews.scoring.Readership;
import leftfold.example.marketnews.scoring.ScoringDesk;
import leftfold.example.marketnews.subscriptions.Subscriptions;
import leftfold.example.marketnews.subscriptions.SubscriptionsCommand.Subscribe;
import leftfold.example.marketnews.subscriptions.SubscriptionsCommand.Unsubscribe;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent.Reason;
import leftfold.memory.MemoryEventStore;
import leftfold.schema.EncodedEvent;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Metadata;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import leftfold.testkit.HandTurnedClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ScoreTrailTest {
    private static final Instant AT = Instant.parse("2026-01-05T09:00:00Z");
    private static final Instant START = Instant.parse("2026-01-05T12:00:00Z");

    private final HandTurnedClock clock = new HandTurnedClock(START);
    private final EventStore store = new MemoryEventStore(clock);
    private final Newsroom newsroom = Newsroom.on(store);
    private final ScoringDesk desk = new ScoringDesk(store, newsroom);
    private final Readership readership = new Readership(store);
    private final ScoreTrail trail = new ScoreTrail(store);

    @BeforeEach
    void two_readers_an_instrument_and_an_article() {
        follow("ada", "energy");
        follow("bela", "energy");
        tick("100.00");
        tick("104.00");
        ingest("a1", "energy");
    }

    @Test
    void the_answer_is_everything_the_score_was_made_from_in_order_and_the_score_last() {
        score("a1");

        assertThat(events("a1", "ada", now()))
                .containsExactly("subscriptions-ada@1", "instrument-VRD@2", "article-a1@1", "article-a1@2");
    }

    @Test
    void what_was_recorded_later_is_not_in_an_earlier_answer() {
        score("a1");
        Instant before = now();
        newsroom.articles().handle(Article.stream("a1"), new Correct("a1", "Not so", List.of("energy", "rates"), AT));
        follow("ada", "rates");
        tick("90.00");
        score("a1");

        assertThat(events("a1", "ada", before))
                .containsExactly("subscriptions-ada@1", "instrument-VRD@2", "article-a1@1", "article-a1@2");
        assertThat(events("a1", "ada", now()))
                .containsExactly(
                        "subscriptions-ada@1",
                        "article-a1@1",
                        "article-a1@4",
                        "subscriptions-ada@2",
                        "instrument-VRD@3",
                        "article-a1@5");
    }

    @Test
    void what_happened_between_reading_and_scoring_did_not_lead_to_the_score() {
        var known = readership.now();
        follow("ada", "rates");
        desk.score("a1", known, AT, CommandContext.random());

        assertThat(events("a1", "ada", now())).contains("subscriptions-ada@1").doesNotContain("subscriptions-ada@2");
    }

    @Test
    void subscriptions_that_were_given_up_belong_to_the_answer() {
        follow("ada", "rates");
        newsroom.subscriptions().handle(Subscriptions.stream("ada"), new Unsubscribe("ada", "rates", AT));
        score("a1");

        assertThat(events("a1", "ada", now()))
                .contains("subscriptions-ada@1", "subscriptions-ada@2", "subscriptions-ada@3");
    }

    @Test
    void nothing_of_another_reader_is_in_the_answer() {
        score("a1");

        assertThat(trail.ask(new Question("a1", "bela", now())).orElseThrow().events())
                .noneMatch(event -> event.data().text().contains("ada"))
                .anyMatch(event -> event.data().text().contains("bela"));
    }

    @Test
    void an_article_that_was_not_scored_by_then_has_no_answer() {
        Instant before = now();
        score("a1");

        assertThat(trail.ask(new Question("a1", "ada", before))).isEmpty();
        assertThat(trail.ask(new Question("a2", "ada", now()))).isEmpty();
        assertThat(trail.ask(new Question("a1", "nobody", now()))).isEmpty();
    }

    @Test
    void a_score_of_an_old_version_was_made_for_everyone_from_the_article_alone() {
        EncodedEvent old = new EncodedEvent("ArticleScored", 1, Data.json("""
                        {"article":"a1","publisher":"Northwire","model":"lexicon@1.2","topics":"energy","score":73,\
                        "at":"2026-01-05T09:00:00Z"}"""), Set.of());
        append(Article.stream("a1"), old);

        ScoreTrail.Answer answer = trail.ask(new Question("a1", "ada", now())).orElseThrow();

        assertThat(answer.scored().score().permille()).isEqualTo(730);
        assertThat(events("a1", "ada", now())).containsExactly("article-a1@1", "article-a1@2");
    }

    private List<String> events(String article, String reader, Instant asOf) {
        return trail.ask(new Question(article, reader, asOf)).orElseThrow().events().stream()
                .map(event -> event.stream() + "@" + event.version())
                .toList();
    }

    /** Returns the time that the clock shows, and turns it on: what follows is recorded later. */
    private Instant now() {
        Instant now = clock.instant();
        clock.turn(Duration.ofSeconds(1));
        return now;
    }

    private void follow(String reader, String topic) {
        var command = new Subscribe(reader, List.of(topic), Reason.CHOSEN, AT);
        newsroom.subscriptions().handle(Subscriptions.stream(reader), command);
    }

    private void tick(String price) {
        PriceTicked tick = new PriceTicked("VRD", new BigDecimal(price), new BigDecimal("100.00"), AT);
        append(Instrument.stream("VRD"), Instrument.CODEC.encode(tick));
    }

    private void ingest(String article, String topic) {
        var command = new Ingest(article, "Northwire", "Verdant", List.of(topic), List.of("VRD"), AT);
        newsroom.articles().handle(Article.stream(article), command);
    }

    private void score(String article) {
        desk.score(article, readership.now(), AT, CommandContext.random());
    }

    private void append(StreamId stream, EncodedEvent event) {
        Event fact = new Event(
                UUID.randomUUID(), event.type(), event.schemaVersion(), event.data(), Metadata.none(), event.tags());
        store.append(List.of(new StreamWrite(stream, List.of(fact))), List.of());
    }
}
