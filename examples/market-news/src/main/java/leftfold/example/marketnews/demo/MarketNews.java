// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import leftfold.cli.Application;
import leftfold.cli.DemoRun;
import leftfold.cli.ReadSide;
import leftfold.cli.StateFold;
import leftfold.example.marketnews.article.Article;
import leftfold.example.marketnews.instrument.Instrument;
import leftfold.example.marketnews.interactions.Interactions;
import leftfold.example.marketnews.newsroom.NewsCodec;
import leftfold.example.marketnews.onboarding.Onboarding;
import leftfold.example.marketnews.preferences.Preferences;
import leftfold.example.marketnews.profile.Profile;
import leftfold.example.marketnews.readmodel.ReadModels;
import leftfold.example.marketnews.subscriptions.Subscriptions;
import leftfold.example.marketnews.tradingday.TradingDay;

/** The example as the command line sees it: how to fold its streams, and its demo. */
public final class MarketNews implements Application {
    static final long SEED = 1987;

    @Override
    public Map<String, StateFold<?>> states() {
        Map<String, StateFold<?>> states = new LinkedHashMap<>();
        states.put(Article.CATEGORY, StateFold.of(new Article(), Article.CODEC));
        states.put(Instrument.CATEGORY, StateFold.of(new Instrument(), Instrument.CODEC));
        states.put(Interactions.CATEGORY, StateFold.of(new Interactions(), Interactions.CODEC));
        states.put(Onboarding.CATEGORY, StateFold.of(new Onboarding(), Onboarding.CODEC));
        states.put(Preferences.CATEGORY, StateFold.of(new Preferences(), Preferences.CODEC));
        states.put(Profile.CATEGORY, StateFold.of(new Profile(), Profile.CODEC));
        states.put(Subscriptions.CATEGORY, StateFold.of(new Subscriptions(), Subscriptions.CODEC));
        states.put(TradingDay.CATEGORY, StateFold.of(new TradingDay(), TradingDay.CODEC));
        return states;
    }

    @Override
    public Optional<ReadSide> readSide(String location) {
        return Optional.of(new ReadSide(ModelDatabase.beside(location), ReadModels.projections(new NewsCodec())));
    }

    @Override
    public void demo(DemoRun run) throws Exception {
        try (ModelDatabase models = ModelDatabase.of(run.location());
                Demo demo = Demo.start(run, models.source(), SEED)) {
            demo.play();
        } catch (InterruptedException e) {
            // Ctrl-C: the day that was cut off goes on in the next run.
            return;
        }
    }
}
