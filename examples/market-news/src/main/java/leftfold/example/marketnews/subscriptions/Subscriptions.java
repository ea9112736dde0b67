// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.subscriptions;

import java.util.List;
import java.util.stream.Stream;
import leftfold.decider.Decider;
import leftfold.example.marketnews.CommandRefused;
import leftfold.example.marketnews.subscriptions.SubscriptionsCommand.Subscribe;
import leftfold.example.marketnews.subscriptions.SubscriptionsCommand.Unsubscribe;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent.TopicSubscribed;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent.TopicUnsubscribed;
import leftfold.jackson.JsonCodec;
import leftfold.schema.EventCodec;
import leftfold.store.StreamId;

/** The rules of a reader's subscriptions: each topic once, and at most {@link #TOPICS_MAX}. Immutable. */
public final class Subscriptions implements Decider<SubscriptionsCommand, SubscriptionsEvent, Subscriptions.State> {
    /** The category of the streams: {@code subscriptions-READER}. */
    public static final String CATEGORY = "subscriptions";

    /** How its events stand in the log. */
    public static final EventCodec<SubscriptionsEvent> CODEC = JsonCodec.of(SubscriptionsEvent.class);

    /** The most topics that a reader can follow. */
    public static final int TOPICS_MAX = 6;

    /**
     * What a reader follows.
     *
     * @param topics in the order of their subscription
     */
    public record State(List<String> topics) {
        /** Copies. */
        public State {
            topics = List.copyOf(topics);
        }
    }

    /** Returns the stream of the subscriptions of {@code reader}. */
    public static StreamId stream(String reader) {
        return StreamId.of(CATEGORY, reader);
    }

    @Override
    public State initialState() {
        return new State(List.of());
    }

    @Override
    public State evolve(State state, SubscriptionsEvent event) {
        Stream<String> others = state.topics().stream().filter(topic -> !topic.equals(event.topic()));
        return switch (event) {
            case TopicSubscribed e ->
                new State(Stream.concat(others, Stream.of(e.topic())).toList());
            case TopicUnsubscribed e -> new State(others.toList());
        };
    }

    @Override
    public List<SubscriptionsEvent> decide(State state, SubscriptionsCommand command) {
        return switch (command) {
            case Subscribe c -> subscribe(state, c);
            case Unsubscribe c ->
                state.topics().contains(c.topic())
                        ? List.of(new TopicUnsubscribed(c.reader(), c.topic(), c.at()))
                        : List.of();
        };
    }

    private static List<SubscriptionsEvent> subscribe(State state, Subscribe command) {
        List<String> added = command.topics().stream()
                .distinct()
                .filter(topic -> !state.topics().contains(topic))
                .toList();
        if (state.topics().size() + added.size() > TOPICS_MAX) {
            throw new CommandRefused(
                    "reader " + command.reader() + " can follow at most " + TOPICS_MAX + " topics; unsubscribe first");
        }
        return added.stream()
                .<SubscriptionsEvent>map(
                        topic -> new TopicSubscribed(command.reader(), topic, command.reason(), command.at()))
                .toList();
    }
}
