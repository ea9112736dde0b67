// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.onboarding;

import java.util.List;
import java.util.Optional;
import leftfold.example.marketnews.NewsEvent;
import leftfold.example.marketnews.onboarding.OnboardingCommand.FollowDefaults;
import leftfold.example.marketnews.onboarding.OnboardingCommand.ScoreFirstArticles;
import leftfold.example.marketnews.onboarding.OnboardingEvent.FirstScoringRequested;
import leftfold.example.marketnews.onboarding.OnboardingEvent.OnboardingCompleted;
import leftfold.example.marketnews.onboarding.OnboardingEvent.OnboardingStarted;
import leftfold.example.marketnews.profile.ProfileEvent.FirstFeedPrepared;
import leftfold.example.marketnews.profile.ProfileEvent.ProfileCreated;
import leftfold.example.marketnews.profile.Segment;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent.TopicSubscribed;
import leftfold.jackson.JsonCodec;
import leftfold.process.ProcessManager;
import leftfold.schema.EventCodec;
import leftfold.store.Query;
import leftfold.store.StreamId;
import leftfold.subscription.TypedEvent;

/**
 * The onboarding of a reader, one instance for each: when the profile is created, follow the segment's topics; when
 * these are followed, score the newest articles; when the feed is there, it is complete. Immutable.
 */
public final class Onboarding
        implements ProcessManager<NewsEvent, OnboardingEvent, Onboarding.State, OnboardingCommand> {
    /** The category of the streams: {@code onboarding-READER}. */
    public static final String CATEGORY = "onboarding";

    /** How its events stand in the log. */
    public static final EventCodec<OnboardingEvent> CODEC = JsonCodec.of(OnboardingEvent.class);

    /** The events that it reacts to. */
    public static final Query INPUTS = Query.types("ProfileCreated", "TopicSubscribed", "FirstFeedPrepared");

    /** How far it has come. */
    public enum State {
        /** There is no such reader yet. */
        NOT_STARTED,
        /** The default topics are to be followed. */
        FOLLOWING,
        /** The newest articles are being scored. */
        SCORING,
        /** Done. */
        COMPLETED
    }

    /** Returns the stream of the onboarding of {@code reader}. */
    public static StreamId stream(String reader) {
        return StreamId.of(CATEGORY, reader);
    }

    @Override
    public String category() {
        return CATEGORY;
    }

    @Override
    public int processVersion() {
        return 1;
    }

    @Override
    public Optional<String> instance(TypedEvent<NewsEvent> input) {
        return switch (input.event()) {
            case ProfileCreated e -> Optional.of(e.reader());
            case TopicSubscribed e -> Optional.of(e.reader());
            case FirstFeedPrepared e -> Optional.of(e.reader());
            default -> Optional.empty();
        };
    }

    @Override
    public State initialState() {
        return State.NOT_STARTED;
    }

    @Override
    public State evolve(State state, OnboardingEvent event) {
        return switch (event) {
            case OnboardingStarted e -> State.FOLLOWING;
            case FirstScoringRequested e -> State.SCORING;
            case OnboardingCompleted e -> State.COMPLETED;
        };
    }

    @Override
    public List<OnboardingEvent> decide(State state, TypedEvent<NewsEvent> input) {
        return switch (input.event()) {
            case ProfileCreated e
            when state == State.NOT_STARTED -> List.of(new OnboardingStarted(e.reader(), topics(e.segment()), e.at()));
            case TopicSubscribed e
            when state == State.FOLLOWING -> List.of(new FirstScoringRequested(e.reader(), e.at()));
            case FirstFeedPrepared e
            when state == State.SCORING -> List.of(new OnboardingCompleted(e.reader(), e.at()));
            default -> List.of();
        };
    }

    @Override
    public List<OnboardingCommand> commands(OnboardingEvent event) {
        return switch (event) {
            case OnboardingStarted e -> List.of(new FollowDefaults(e.reader(), e.topics(), e.at()));
            case FirstScoringRequested e -> List.of(new ScoreFirstArticles(e.reader(), e.at()));
            case OnboardingCompleted e -> List.of();
        };
    }

    private static List<String> topics(Segment segment) {
        return switch (segment) {
            case SAVER -> List.of("banks", "health", "rates");
            case TRADER -> List.of("chips", "energy", "metals");
            case TREASURER -> List.of("currencies", "rates", "shipping");
        };
    }
}
