// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import leftfold.cli.Application;
import leftfold.cli.DemoRun;
import leftfold.decider.Decider;
import leftfold.example.marketnews.article.Article;
import leftfold.example.marketnews.instrument.Instrument;
import leftfold.example.marketnews.interactions.Interactions;
import leftfold.example.marketnews.onboarding.Onboarding;
import leftfold.example.marketnews.preferences.Preferences;
import leftfold.example.marketnews.profile.Profile;
import leftfold.example.marketnews.subscriptions.Subscriptions;
import leftfold.example.marketnews.tradingday.TradingDay;
import leftfold.schema.EventCodec;
import leftfold.store.RecordedEvent;

/** The example as the command line sees it: how to fold its streams, and its demo. */
public final class MarketNews implements Application {
    static final long SEED = 1987;

    @Override
    public Map<String, Function<Stream<RecordedEvent>, Object>> states() {
        Map<String, Function<Stream<RecordedEvent>, Object>> states = new LinkedHashMap<>();
        states.put(Article.CATEGORY, events -> fold(new Article(), Article.CODEC, events));
        states.put(Instrument.CATEGORY, events -> fold(new Instrument(), Instrument.CODEC, events));
        states.put(Interactions.CATEGORY, events -> fold(new Interactions(), Interactions.CODEC, events));
        states.put(Onboarding.CATEGORY, events -> fold(new Onboarding(), Onboarding.CODEC, events));
        states.put(Preferences.CATEGORY, events -> fold(new Preferences(), Preferences.CODEC, events));
        states.put(Profile.CATEGORY, events -> fold(new Profile(), Profile.CODEC, events));
        states.put(Subscriptions.CATEGORY, events -> fold(new Subscriptions(), Subscriptions.CODEC, events));
        states.put(TradingDay.CATEGORY, events -> fold(new TradingDay(), TradingDay.CODEC, events));
        return states;
    }

    @Override
    public void demo(DemoRun run) throws Exception {
        try (ReadModelFile file = ReadModelFile.of(run.location());
                Demo demo = Demo.start(run, file.path(), SEED)) {
            demo.play();
        } catch (InterruptedException e) {
            // Ctrl-C: the day that was cut off goes on in the next run.
            return;
        }
    }

    private static <E, S> S fold(Decider<?, E, S> decider, EventCodec<E> codec, Stream<RecordedEvent> events) {
        return events.sequential()
                .map(codec::decode)
                .reduce(decider.initialState(), decider::evolve, (first, second) -> second);
    }
}
