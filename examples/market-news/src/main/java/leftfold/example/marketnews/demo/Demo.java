// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.demo;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import leftfold.cli.DemoRun;
import leftfold.example.marketnews.demo.Printer.Progress;
import leftfold.example.marketnews.newsroom.NewsCodec;
import leftfold.example.marketnews.newsroom.Newsroom;
import leftfold.example.marketnews.onboarding.Onboarding;
import leftfold.example.marketnews.onboarding.OnboardingDesk;
import leftfold.example.marketnews.readmodel.Feed;
import leftfold.example.marketnews.readmodel.ReadModels;
import leftfold.example.marketnews.traffic.Pause;
import leftfold.example.marketnews.traffic.Traffic;
import leftfold.jdbc.JdbcCheckpoints;
import leftfold.process.ProcessDeclaration;
import leftfold.process.ProcessRunner;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamVersion;

/** One run of the demo: traffic into the store, the process and the projections beside it. Confined to one thread. */
final class Demo implements AutoCloseable {
    private static final Duration CATCH_UP_WAIT = Duration.ofMinutes(1);
    private static final long TRICKLE_MILLIS = 150;
    private static final int STEPS_PER_LINE = 40;
    private static final String READER = "ada";

    private final EventStore store;
    private final boolean once;
    private final Printer printer;
    private final ReadModels models;
    private final ProcessRunner onboarding;
    private final Traffic traffic;

    private Demo(DemoRun run, DataSource database, long seed) {
        NewsCodec codec = new NewsCodec();
        Newsroom newsroom = Newsroom.on(run.store());
        this.store = run.store();
        this.once = run.once();
        this.printer = Printer.to(run.out(), run.json());
        this.models = ReadModels.start(store, codec, database);
        this.onboarding = ProcessRunner.start(
                store,
                new ProcessDeclaration<>(new Onboarding(), Onboarding.INPUTS, codec, Onboarding.CODEC),
                new JdbcCheckpoints(database),
                new OnboardingDesk(store, newsroom));
        this.traffic = new Traffic(store, newsroom, seed);
    }

    /** Starts everything but the traffic, with the read models in {@code database}. */
    static Demo start(DemoRun run, DataSource database, long seed) {
        return new Demo(run, database, seed);
    }

    /**
     * Plays the day that the last run may have left unfinished, and the next one; then, unless this is to be done once,
     * day after day, slowly.
     */
    void play() throws InterruptedException {
        long before = store.head();
        List<LocalDate> days = new ArrayList<>();
        int day = traffic.nextDay();
        int refused = 0;
        if (traffic.hasBegun(day)) {
            days.add(Traffic.date(day));
            refused += traffic.play(day, Pause.NONE);
            day++;
        }
        days.add(Traffic.date(day));
        refused += traffic.play(day, Pause.NONE);
        catchUp();
        printer.summary(new Survey(store, models).summary(run(days, refused, before)));
        while (!once) {
            day++;
            traffic.play(day, new Trickle(day));
        }
    }

    /** Ends the process and the projections; what they have not finished comes in the next run. */
    @Override
    public void close() {
        onboarding.close();
        models.close();
    }

    private void catchUp() throws InterruptedException {
        if (!onboarding.await(store.head(), CATCH_UP_WAIT)) {
            throw new IllegalStateException("the onboarding process does not keep up: " + onboarding.status());
        }
        models.await(store.head(), CATCH_UP_WAIT);
    }

    private Summary.Run run(List<LocalDate> days, int refused, long before) {
        long inRun;
        try (Stream<RecordedEvent> events = store.read(Query.all(), before + 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            inRun = events.count();
        }
        long inAll = 0;
        long streams = 0;
        try (Stream<StreamVersion> all = store.streams()) {
            for (StreamVersion one : (Iterable<StreamVersion>) all::iterator) {
                inAll += one.version();
                streams++;
            }
        }
        return new Summary.Run(days, refused, inRun, inAll, streams);
    }

    /** Lets the traffic of a day trickle, and tells now and then how it goes. Confined to one thread. */
    private final class Trickle implements Pause {
        private final LocalDate day;
        private final CountDownLatch never = new CountDownLatch(1);
        private int steps;

        Trickle(int day) {
            this.day = Traffic.date(day);
        }

        @Override
        public void between() throws InterruptedException {
            boolean unused = never.await(TRICKLE_MILLIS, TimeUnit.MILLISECONDS);
            steps++;
            if (steps % STEPS_PER_LINE == 0) {
                printer.progress(progress());
            }
        }

        private Progress progress() {
            String top = models.feed().top(READER, 1).stream()
                    .map(Feed.Entry::headline)
                    .findFirst()
                    .orElse("");
            return new Progress(day, store.head(), READER, top);
        }
    }
}
