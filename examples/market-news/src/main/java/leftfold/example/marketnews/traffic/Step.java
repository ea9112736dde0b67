// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import leftfold.decider.NamedIds;
import leftfold.example.marketnews.article.Article;
import leftfold.example.marketnews.article.ArticleCommand;
import leftfold.example.marketnews.instrument.Instrument;
import leftfold.example.marketnews.instrument.InstrumentCommand;
import leftfold.example.marketnews.interactions.Interactions;
import leftfold.example.marketnews.interactions.InteractionsCommand;
import leftfold.example.marketnews.preferences.Preferences;
import leftfold.example.marketnews.preferences.PreferencesCommand;
import leftfold.example.marketnews.profile.Profile;
import leftfold.example.marketnews.profile.ProfileCommand.CreateProfile;
import leftfold.example.marketnews.subscriptions.Subscriptions;
import leftfold.example.marketnews.subscriptions.SubscriptionsCommand;
import leftfold.example.marketnews.tradingday.TradingDay;
import leftfold.example.marketnews.tradingday.TradingDayCommand;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;

/** One thing that happens on a trading day. Its id is the same whenever its day is generated. */
sealed interface Step {
    /** Returns the id of the command. */
    UUID id();

    /** Returns who does it: a reader, or the market itself. */
    default String actor() {
        return "market";
    }

    /** Returns a stream that it writes to, if it writes at all. */
    StreamId stream();

    /** Returns the id of the first event that it writes to {@link #stream}. */
    default UUID firstEvent() {
        return NamedIds.event(id(), stream(), 0);
    }

    /** The world reports facts; there is nothing to decide, so they are appended together. */
    record Observed(List<StreamWrite> writes) implements Step {
        @Override
        public UUID id() {
            return firstEvent();
        }

        @Override
        public StreamId stream() {
            return writes.getFirst().stream();
        }

        @Override
        public UUID firstEvent() {
            return writes.getFirst().events().getFirst().id();
        }
    }

    /** A newcomer, who is led in by the onboarding process. */
    record Joined(UUID id, CreateProfile command) implements Step {
        @Override
        public String actor() {
            return command.reader();
        }

        @Override
        public StreamId stream() {
            return Profile.stream(command.reader());
        }
    }

    /** An article is to be scored for everyone who follows its topics. */
    record Scoring(UUID id, String article, Instant at) implements Step {
        @Override
        public StreamId stream() {
            return Article.stream(article);
        }
    }

    /** A command to an article. */
    record ToArticle(UUID id, ArticleCommand command) implements Step {
        @Override
        public StreamId stream() {
            return Article.stream(command.article());
        }
    }

    /** A command to an instrument. */
    record ToInstrument(UUID id, InstrumentCommand command) implements Step {
        @Override
        public StreamId stream() {
            return Instrument.stream(command.symbol());
        }
    }

    /** A command to a reader's feed. */
    record ToInteractions(UUID id, InteractionsCommand command) implements Step {
        @Override
        public String actor() {
            return command.reader();
        }

        @Override
        public StreamId stream() {
            return Interactions.stream(command.reader());
        }
    }

    /** A command to a reader's notification preferences. */
    record ToPreferences(UUID id, PreferencesCommand command) implements Step {
        @Override
        public String actor() {
            return command.reader();
        }

        @Override
        public StreamId stream() {
            return Preferences.stream(command.reader());
        }
    }

    /** A command to a reader's subscriptions. */
    record ToSubscriptions(UUID id, SubscriptionsCommand command) implements Step {
        @Override
        public String actor() {
            return command.reader();
        }

        @Override
        public StreamId stream() {
            return Subscriptions.stream(command.reader());
        }
    }

    /** A command to a trading day. */
    record ToTradingDay(UUID id, TradingDayCommand command) implements Step {
        @Override
        public StreamId stream() {
            return TradingDay.stream(command.date());
        }
    }
}
