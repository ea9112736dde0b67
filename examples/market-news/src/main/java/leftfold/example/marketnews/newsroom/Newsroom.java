// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.newsroom;

import leftfold.decider.CommandHandler;
import leftfold.decider.Decider;
import leftfold.example.marketnews.article.Article;
import leftfold.example.marketnews.article.ArticleCommand;
import leftfold.example.marketnews.article.ArticleEvent;
import leftfold.example.marketnews.instrument.Instrument;
import leftfold.example.marketnews.instrument.InstrumentCommand;
import leftfold.example.marketnews.instrument.InstrumentEvent;
import leftfold.example.marketnews.interactions.Interactions;
import leftfold.example.marketnews.interactions.InteractionsCommand;
import leftfold.example.marketnews.interactions.InteractionsEvent;
import leftfold.example.marketnews.preferences.Preferences;
import leftfold.example.marketnews.preferences.PreferencesCommand;
import leftfold.example.marketnews.preferences.PreferencesEvent;
import leftfold.example.marketnews.profile.Profile;
import leftfold.example.marketnews.profile.ProfileCommand;
import leftfold.example.marketnews.profile.ProfileEvent;
import leftfold.example.marketnews.subscriptions.Subscriptions;
import leftfold.example.marketnews.subscriptions.SubscriptionsCommand;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent;
import leftfold.example.marketnews.tradingday.TradingDay;
import leftfold.example.marketnews.tradingday.TradingDayCommand;
import leftfold.example.marketnews.tradingday.TradingDayEvent;
import leftfold.schema.EventCodec;
import leftfold.store.EventStore;

/**
 * One command handler for each aggregate, all on one store. Immutable; safe for use by many threads.
 *
 * @param articles takes commands to {@code article-ID}
 * @param instruments takes commands to {@code instrument-SYMBOL}
 * @param profiles takes commands to {@code profile-READER}
 * @param subscriptions takes commands to {@code subscriptions-READER}
 * @param preferences takes commands to {@code preferences-READER}
 * @param interactions takes commands to {@code interactions-READER}
 * @param tradingDays takes commands to {@code tradingday-DATE}
 */
public record Newsroom(
        CommandHandler<ArticleCommand, ArticleEvent, Article.State> articles,
        CommandHandler<InstrumentCommand, InstrumentEvent, Instrument.State> instruments,
        CommandHandler<ProfileCommand, ProfileEvent, Profile.State> profiles,
        CommandHandler<SubscriptionsCommand, SubscriptionsEvent, Subscriptions.State> subscriptions,
        CommandHandler<PreferencesCommand, PreferencesEvent, Preferences.State> preferences,
        CommandHandler<InteractionsCommand, InteractionsEvent, Interactions.State> interactions,
        CommandHandler<TradingDayCommand, TradingDayEvent, TradingDay.State> tradingDays) {
    /** The code that decides, as every event's metadata names it. */
    public static final String PRODUCER = "market-news@1.0";

    /** Returns the newsroom whose events are in {@code store}. */
    public static Newsroom on(EventStore store) {
        return new Newsroom(
                handler(store, new Article(), Article.CODEC),
                handler(store, new Instrument(), Instrument.CODEC),
                handler(store, new Profile(), Profile.CODEC),
                handler(store, new Subscriptions(), Subscriptions.CODEC),
                handler(store, new Preferences(), Preferences.CODEC),
                handler(store, new Interactions(), Interactions.CODEC),
                handler(store, new TradingDay(), TradingDay.CODEC));
    }

    private static <C, E, S> CommandHandler<C, E, S> handler(
            EventStore store, Decider<C, E, S> decider, EventCodec<E> codec) {
        return CommandHandler.builder(store, decider, codec).producer(PRODUCER).build();
    }
}
