// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.subscriptions;

import java.time.Instant;
import java.util.List;
import leftfold.example.marketnews.CommandRefused;
import leftfold.example.marketnews.subscriptions.SubscriptionsCommand.Subscribe;
import leftfold.example.marketnews.subscriptions.SubscriptionsCommand.Unsubscribe;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent.Reason;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent.TopicSubscribed;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent.TopicUnsubscribed;
import leftfold.testkit.DeciderFixture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SubscriptionsTest {
    private static final Instant AT = Instant.parse("2026-01-05T09:00:00Z");

    private final DeciderFixture<SubscriptionsCommand, SubscriptionsEvent, Subscriptions.State> subscriptions =
            DeciderFixture.of(new Subscriptions());

    @Test
    void only_new_topics_are_subscribed() {
        subscriptions
                .given(subscribed("chips"))
                .when(subscribe("chips", "energy", "energy", "rates"))
                .then(subscribed("energy"), subscribed("rates"));
        subscriptions.given(subscribed("chips")).when(subscribe("chips")).thenNothing();
    }

    @Test
    void a_reader_follows_at_most_so_many_topics() {
        subscriptions
                .given(subscribed("a"), subscribed("b"), subscribed("c"), subscribed("d"))
                .when(subscribe("e", "f"))
                .then(subscribed("e"), subscribed("f"));
        subscriptions
                .given(subscribed("a"), subscribed("b"), subscribed("c"), subscribed("d"), subscribed("e"))
                .when(subscribe("f", "g"))
                .thenRefused(CommandRefused.class);
    }

    @Test
    void a_topic_is_given_up_if_it_was_followed() {
        subscriptions
                .given(subscribed("chips"))
                .when(new Unsubscribe("ada", "chips", AT))
                .then(new TopicUnsubscribed("ada", "chips", AT));
        subscriptions.given().when(new Unsubscribe("ada", "chips", AT)).thenNothing();
    }

    @Test
    void what_was_given_up_can_be_followed_again() {
        subscriptions
                .given(
                        subscribed("chips"),
                        subscribed("rates"),
                        new TopicUnsubscribed("ada", "chips", AT),
                        subscribed("chips"))
                .thenState(new Subscriptions.State(List.of("rates", "chips")));
    }

    private static Subscribe subscribe(String... topics) {
        return new Subscribe("ada", List.of(topics), Reason.CHOSEN, AT);
    }

    private static TopicSubscribed subscribed(String topic) {
        return new TopicSubscribed("ada", topic, Reason.CHOSEN, AT);
    }
}
