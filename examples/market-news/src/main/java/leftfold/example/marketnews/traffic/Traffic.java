// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import leftfold.decider.CommandContext;
import leftfold.example.marketnews.CommandRefused;
import leftfold.example.marketnews.newsroom.Newsroom;
import leftfold.example.marketnews.onboarding.Onboarding;
import leftfold.example.marketnews.scoring.Readership;
import leftfold.example.marketnews.scoring.ScoringDesk;
import leftfold.example.marketnews.tradingday.TradingDay;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.Subscription;

/**
 * Plays trading days into a newsroom, one step after the other. Days and steps follow from the seed, and every id from
 * its step: a day that was cut off is generated again and goes on where its trace in the log ends. Confined to one
 * thread.
 */
public final class Traffic {
    private static final Duration ONBOARDING_WAIT = Duration.ofSeconds(30);

    private final EventStore store;
    private final Newsroom newsroom;
    private final long seed;
    private final ScoringDesk scoring;
    private final Readership readership;

    /** Creates the traffic of {@code seed}; the onboarding process must be running on {@code store}. */
    public Traffic(EventStore store, Newsroom newsroom, long seed) {
        this.store = store;
        this.newsroom = newsroom;
        this.seed = seed;
        this.scoring = new ScoringDesk(store, newsroom);
        this.readership = new Readership(store);
    }

    /** Returns the date of a trading day, counted from 0. */
    public static LocalDate date(int day) {
        return World.date(day);
    }

    /** Returns the first day that is not closed yet, counted from 0. */
    public int nextDay() {
        int day = 0;
        while (state(day) == TradingDay.State.CLOSED) {
            day++;
        }
        return day;
    }

    /** Returns whether something of this day is already in the log. */
    public boolean hasBegun(int day) {
        return leavesTrace(Day.steps(seed, day).getFirst());
    }

    /**
     * Plays what is missing of a day.
     *
     * @param between what happens between two steps
     * @return how many commands the rules of the business refused
     * @throws InterruptedException if the thread is interrupted; the day can go on later
     */
    public int play(int day, Pause between) throws InterruptedException {
        List<Step> steps = Day.steps(seed, day);
        int refused = 0;
        for (Step step : steps.subList(lastTrace(steps), steps.size())) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            try {
                perform(step);
            } catch (CommandRefused e) {
                refused++;
            }
            between.between();
        }
        return refused;
    }

    /**
     * Returns the index of the last step that is in the log. It is done again, for it may have been half done, which
     * its ids make harmless. Earlier steps are not: a command that led to nothing then might lead to something now.
     */
    private int lastTrace(List<Step> steps) {
        int last = steps.size() - 1;
        while (last > 0 && !leavesTrace(steps.get(last))) {
            last--;
        }
        return last;
    }

    private boolean leavesTrace(Step step) {
        return store.find(step.stream(), step.firstEvent()).isPresent();
    }

    private TradingDay.State state(int day) {
        return newsroom.tradingDays().state(TradingDay.stream(date(day))).state();
    }

    private void perform(Step step) throws InterruptedException {
        CommandContext context = CommandContext.of(step.id()).withActor(step.actor());
        switch (step) {
            case Step.Observed s -> store.append(s.writes(), List.of());
            case Step.Joined s -> {
                var created = newsroom.profiles().handle(s.stream(), s.command(), context);
                awaitOnboarding(s.command().reader(), created.position());
            }
            case Step.Scoring s -> scoring.score(s.article(), readership.now(), s.at(), context);
            case Step.ToArticle s -> newsroom.articles().handle(s.stream(), s.command(), context);
            case Step.ToInstrument s -> newsroom.instruments().handle(s.stream(), s.command(), context);
            case Step.ToInteractions s -> newsroom.interactions().handle(s.stream(), s.command(), context);
            case Step.ToPreferences s -> newsroom.preferences().handle(s.stream(), s.command(), context);
            case Step.ToSubscriptions s -> newsroom.subscriptions().handle(s.stream(), s.command(), context);
            case Step.ToTradingDay s -> newsroom.tradingDays().handle(s.stream(), s.command(), context);
        }
    }

    /** Nothing else happens meanwhile, so that the same seed gives the same log. */
    private void awaitOnboarding(String reader, long created) throws InterruptedException {
        Query completed =
                Query.of(new Query.Item(Onboarding.stream(reader), null, Set.of("OnboardingCompleted"), Set.of()));
        try (Subscription subscription = store.subscribe(completed, created)) {
            if (subscription.next(1, ONBOARDING_WAIT).events().isEmpty()) {
                throw new IllegalStateException(
                        "the onboarding of " + reader + " does not end; is its process running?");
            }
        }
    }
}
