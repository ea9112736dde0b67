// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.onboarding;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.decider.CommandContext;
import leftfold.decider.StreamState;
import leftfold.example.marketnews.article.Article;
import leftfold.example.marketnews.article.ArticleEvent;
import leftfold.example.marketnews.newsroom.Newsroom;
import leftfold.example.marketnews.onboarding.OnboardingCommand.FollowDefaults;
import leftfold.example.marketnews.onboarding.OnboardingCommand.ScoreFirstArticles;
import leftfold.example.marketnews.profile.Profile;
import leftfold.example.marketnews.profile.ProfileCommand.NoteFirstFeed;
import leftfold.example.marketnews.scoring.ScoringDesk;
import leftfold.example.marketnews.subscriptions.Subscriptions;
import leftfold.example.marketnews.subscriptions.SubscriptionsCommand.Subscribe;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent.Reason;
import leftfold.process.CommandSink;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.Tag;

/**
 * Does what the onboarding asks for. The same command may come again after a crash; it has the same id then, and no
 * second effect. Immutable; safe for use by many threads.
 */
public final class OnboardingDesk implements CommandSink<OnboardingCommand> {
    /** How many articles are scored for a new reader. */
    public static final int ARTICLES_MAX = 5;

    private final EventStore store;
    private final Newsroom newsroom;
    private final ScoringDesk scoring;

    /** Creates the desk. */
    public OnboardingDesk(EventStore store, Newsroom newsroom) {
        this.store = store;
        this.newsroom = newsroom;
        this.scoring = new ScoringDesk(store, newsroom);
    }

    @Override
    public void send(OnboardingCommand command, CommandContext context) {
        switch (command) {
            case FollowDefaults c ->
                newsroom.subscriptions()
                        .handle(
                                Subscriptions.stream(c.reader()),
                                new Subscribe(c.reader(), c.topics(), Reason.DEFAULT, c.at()),
                                context);
            case ScoreFirstArticles c -> scoreFirstArticles(c, context);
        }
    }

    private void scoreFirstArticles(ScoreFirstArticles command, CommandContext context) {
        String reader = command.reader();
        StreamState<Subscriptions.State> follows = newsroom.subscriptions().state(Subscriptions.stream(reader));
        SortedMap<String, StreamState<Subscriptions.State>> onlyReader = new TreeMap<>();
        onlyReader.put(reader, follows);
        List<String> articles = newest(follows.state().topics(), requestedAt(reader, context));
        for (String article : articles) {
            scoring.score(article, onlyReader, command.at(), context);
        }
        newsroom.profiles()
                .handle(Profile.stream(reader), new NoteFirstFeed(reader, articles.size(), command.at()), context);
    }

    private List<String> newest(List<String> topics, long position) {
        List<Query.Item> items = new ArrayList<>();
        for (String topic : topics) {
            items.add(
                    new Query.Item(null, Article.CATEGORY, Set.of("ArticleIngested"), Set.of(Tag.of("topic", topic))));
        }
        if (items.isEmpty()) {
            return List.of();
        }
        try (Stream<RecordedEvent> newestFirst =
                store.read(new Query(items), position, Direction.BACKWARDS, ARTICLES_MAX)) {
            return newestFirst
                    .map(Article.CODEC::decode)
                    .map(ArticleEvent::article)
                    .toList();
        }
    }

    /** A repeated command must find the same articles, so it looks from where the run was requested, not from now. */
    private long requestedAt(String reader, CommandContext context) {
        UUID cause = Objects.requireNonNull(context.causeId(), "the process names the cause of each command");
        return store.find(Onboarding.stream(reader), cause).orElseThrow().position();
    }
}
