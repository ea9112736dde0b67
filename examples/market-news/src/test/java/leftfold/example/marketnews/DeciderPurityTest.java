// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import leftfold.decider.Decider;
import leftfold.example.marketnews.article.Article;
import leftfold.example.marketnews.instrument.Instrument;
import leftfold.example.marketnews.interactions.Interactions;
import leftfold.example.marketnews.onboarding.Onboarding;
import leftfold.example.marketnews.preferences.Preferences;
import leftfold.example.marketnews.profile.Profile;
import leftfold.example.marketnews.subscriptions.Subscriptions;
import leftfold.example.marketnews.tradingday.TradingDay;
import leftfold.example.marketnews.traffic.Pause;
import leftfold.memory.MemoryEventStore;
import leftfold.schema.EventCodec;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.testkit.Determinism;
import leftfold.testkit.PurityScan;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every decider's functions look at nothing but their arguments. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DeciderPurityTest {
    private static final EventStore STORE = new MemoryEventStore();

    /** A decider and how to read its events. */
    record Subject<E, S>(String category, Supplier<Decider<?, E, S>> decider, EventCodec<E> codec) {
        List<E> events() {
            Query query = Query.category(category);
            try (Stream<RecordedEvent> events = STORE.read(query, 1, Direction.FORWARDS, Long.MAX_VALUE)) {
                return events.map(codec::decode).toList();
            }
        }

        @Override
        public String toString() {
            return category;
        }
    }

    @BeforeAll
    static void play_a_day() throws Exception {
        try (RunningNewsroom newsroom = RunningNewsroom.on(STORE)) {
            newsroom.traffic(7).play(0, Pause.NONE);
        }
    }

    @AfterAll
    static void close() {
        STORE.close();
    }

    static List<Subject<?, ?>> subjects() {
        return List.of(
                new Subject<>(Article.CATEGORY, Article::new, Article.CODEC),
                new Subject<>(Instrument.CATEGORY, Instrument::new, Instrument.CODEC),
                new Subject<>(Interactions.CATEGORY, Interactions::new, Interactions.CODEC),
                new Subject<>(Onboarding.CATEGORY, Onboarding::new, Onboarding.CODEC),
                new Subject<>(Preferences.CATEGORY, Preferences::new, Preferences.CODEC),
                new Subject<>(Profile.CATEGORY, Profile::new, Profile.CODEC),
                new Subject<>(Subscriptions.CATEGORY, Subscriptions::new, Subscriptions.CODEC),
                new Subject<>(TradingDay.CATEGORY, TradingDay::new, TradingDay.CODEC));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    <E, S> void a_days_events_fold_to_the_same_states_everywhere(Subject<E, S> subject) {
        List<E> events = subject.events();

        assertThat(events).isNotEmpty();
        Determinism.check(subject.decider(), events);
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void no_decider_looks_at_anything_but_its_arguments(Subject<?, ?> subject) {
        Decider<?, ?, ?> decider = subject.decider().get();

        assertThat(PurityScan.of(decider).within("leftfold.example.marketnews").findings())
                .isEmpty();
    }
}
