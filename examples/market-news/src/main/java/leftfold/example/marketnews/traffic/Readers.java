// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import leftfold.example.marketnews.interactions.InteractionsCommand.Dismiss;
import leftfold.example.marketnews.interactions.InteractionsCommand.Open;
import leftfold.example.marketnews.preferences.Channel;
import leftfold.example.marketnews.preferences.PreferencesCommand.EnableChannel;
import leftfold.example.marketnews.preferences.PreferencesCommand.SetQuietHours;
import leftfold.example.marketnews.preferences.QuietHours;
import leftfold.example.marketnews.profile.ProfileCommand.CreateProfile;
import leftfold.example.marketnews.profile.Segment;
import leftfold.example.marketnews.subscriptions.SubscriptionsCommand.Subscribe;
import leftfold.example.marketnews.subscriptions.SubscriptionsCommand.Unsubscribe;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent.Reason;
import leftfold.example.marketnews.traffic.Step.Joined;
import leftfold.example.marketnews.traffic.Step.ToInteractions;
import leftfold.example.marketnews.traffic.Step.ToPreferences;
import leftfold.example.marketnews.traffic.Step.ToSubscriptions;

/**
 * The readers: they join, open and dismiss articles, and change what they follow. Some of what they try is against the
 * rules, such as opening what they have dismissed; that is for the aggregates to refuse. Confined to one thread.
 */
final class Readers {
    private static final int INTERACTIONS_PER_HOUR = 16;
    private static final Duration BETWEEN_INTERACTIONS = Duration.ofSeconds(20);
    private static final int PERCENT_DISMISSED = 20;
    private static final int PERCENT_UNSUBSCRIBED = 40;
    private static final int RECENT_ARTICLES = 20;

    private final Script script;
    private final int count;

    /** Creates the behaviour of so many readers. */
    Readers(Script script, int count) {
        this.script = script;
        this.count = count;
    }

    /** Lets a reader join who was not there before. */
    void join(int reader, Instant at) {
        String id = World.reader(reader);
        Segment segment = script.pick(List.of(Segment.values()));
        var hours = new QuietHours(LocalTime.of(22, 0), LocalTime.of(7, 0));
        Channel channel = script.pick(List.of(Channel.values()));
        script.steps().add(new Joined(script.ids().next(), new CreateProfile(id, World.name(reader), segment, at)));
        script.steps().add(new ToPreferences(script.ids().next(), new EnableChannel(id, channel, at)));
        script.steps().add(new ToPreferences(script.ids().next(), new SetQuietHours(id, hours, at)));
    }

    /** Lets readers react to the newest of {@code articles}, and one of them follow other topics than before. */
    void hour(List<String> articles, Instant at) {
        List<String> recent = articles.subList(Math.max(0, articles.size() - RECENT_ARTICLES), articles.size());
        for (int i = 0; i < INTERACTIONS_PER_HOUR; i++) {
            react(script.pick(recent), at.plus(BETWEEN_INTERACTIONS.multipliedBy(i)));
        }
        changeTopics(at.plus(BETWEEN_INTERACTIONS.multipliedBy(INTERACTIONS_PER_HOUR)));
    }

    private void react(String article, Instant at) {
        String reader = anyone();
        script.steps()
                .add(new ToInteractions(
                        script.ids().next(),
                        script.chance(PERCENT_DISMISSED)
                                ? new Dismiss(reader, article, at)
                                : new Open(reader, article, at)));
    }

    private void changeTopics(Instant at) {
        String reader = anyone();
        String topic = script.pick(World.TOPICS);
        script.steps()
                .add(new ToSubscriptions(
                        script.ids().next(),
                        script.chance(PERCENT_UNSUBSCRIBED)
                                ? new Unsubscribe(reader, topic, at)
                                : new Subscribe(reader, List.of(topic), Reason.CHOSEN, at)));
    }

    private String anyone() {
        return World.reader(script.random().nextInt(count));
    }
}
