// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.onboarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.decider.CommandContext;
import leftfold.example.marketnews.RunningNewsroom;
import leftfold.example.marketnews.article.Article;
import leftfold.example.marketnews.article.ArticleCommand.Ingest;
import leftfold.example.marketnews.newsroom.Newsroom;
import leftfold.example.marketnews.profile.Profile;
import leftfold.example.marketnews.profile.ProfileCommand.CreateProfile;
import leftfold.example.marketnews.profile.Segment;
import leftfold.example.marketnews.subscriptions.Subscriptions;
import leftfold.example.marketnews.subscriptions.SubscriptionsCommand.Subscribe;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent.Reason;
import leftfold.memory.MemoryEventStore;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OnboardingTest {
    private static final Instant AT = Instant.parse("2026-01-05T07:00:00Z");
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final UUID COMMAND = new UUID(0x4000, 0x8000_0000_0000_0001L);

    private final EventStore store = new MemoryEventStore();

    @Test
    void a_new_reader_gets_default_topics_a_first_scoring_run_and_is_done() throws Exception {
        publish(3, "chips");
        publish(1, "shipping");
        try (RunningNewsroom newsroom = RunningNewsroom.on(store)) {
            join(newsroom);
        }

        assertThat(types(Subscriptions.stream("ada")))
                .containsExactly("TopicSubscribed", "TopicSubscribed", "TopicSubscribed");
        assertThat(types(Profile.stream("ada"))).containsExactly("ProfileCreated", "FirstFeedPrepared");
        assertThat(types(Onboarding.stream("ada")))
                .containsExactly("OnboardingStarted", "FirstScoringRequested", "OnboardingCompleted");
        assertThat(scoresFor("ada")).containsExactly("article-chips0", "article-chips1", "article-chips2");
    }

    @Test
    void a_process_that_starts_again_from_the_beginning_adds_nothing() throws Exception {
        publish(8, "chips");
        try (RunningNewsroom newsroom = RunningNewsroom.on(store)) {
            join(newsroom);
        }
        publish(20, "energy");
        long head = store.head();

        try (RunningNewsroom again = RunningNewsroom.on(store)) {
            assertThat(again.onboarding().await(head, WAIT)).isTrue();
        }

        assertThat(store.head()).isEqualTo(head);
        assertThat(scoresFor("ada")).hasSize(OnboardingDesk.ARTICLES_MAX);
    }

    @Test
    void topics_that_are_followed_later_start_nothing() throws Exception {
        try (RunningNewsroom newsroom = RunningNewsroom.on(store)) {
            join(newsroom);
            var subscribed = newsroom.newsroom()
                    .subscriptions()
                    .handle(Subscriptions.stream("ada"), new Subscribe("ada", List.of("rates"), Reason.CHOSEN, AT));
            assertThat(newsroom.onboarding().await(subscribed.position(), WAIT)).isTrue();
        }

        assertThat(types(Onboarding.stream("ada"))).hasSize(3);
    }

    @Test
    void everything_that_follows_from_a_profile_has_its_correlation() throws Exception {
        publish(1, "chips");
        try (RunningNewsroom newsroom = RunningNewsroom.on(store)) {
            join(newsroom);
        }

        try (Stream<RecordedEvent> events = store.read(Query.all(), 2, Direction.FORWARDS, Long.MAX_VALUE)) {
            assertThat(events.map(event -> event.metadata().correlationId()))
                    .hasSize(9)
                    .containsOnly(COMMAND.toString());
        }
    }

    private static void join(RunningNewsroom newsroom) throws InterruptedException {
        var created = newsroom.newsroom()
                .profiles()
                .handle(
                        Profile.stream("ada"),
                        new CreateProfile("ada", "Ada", Segment.TRADER, AT),
                        CommandContext.of(COMMAND));
        try (var completed = newsroom.store().subscribe(Query.types("OnboardingCompleted"), created.position())) {
            assertThat(completed.next(1, WAIT).events()).hasSize(1);
        }
    }

    private void publish(int articles, String topic) {
        for (int i = 0; i < articles; i++) {
            var command = new Ingest(topic + i, "Northwire", "News of " + topic, List.of(topic), List.of(), AT);
            Newsroom.on(store).articles().handle(Article.stream(topic + i), command);
        }
    }

    private List<String> scoresFor(String reader) {
        Query scores = Query.tags(Tag.of("audience", reader));
        try (Stream<RecordedEvent> events = store.read(scores, 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            return events.map(event -> event.stream().value()).sorted().toList();
        }
    }

    private List<String> types(StreamId stream) {
        try (Stream<RecordedEvent> events = store.readStream(stream)) {
            return events.map(RecordedEvent::type).toList();
        }
    }
}
