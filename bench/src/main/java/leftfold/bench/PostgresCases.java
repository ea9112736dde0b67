// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import leftfold.jdbc.ReadDatabase;
import leftfold.postgres.PostgresEventStore;
import leftfold.store.AppendResult;
import leftfold.store.Batch;
import leftfold.store.Query;
import leftfold.store.Subscription;
import leftfold.subscription.Follower;
import org.HdrHistogram.Histogram;

/** What Leftfold on PostgreSQL does and bare statements cannot: each case in a database of its own. */
final class PostgresCases {
    private static final String VISIBLE = "postgres-visible";
    private static final String PROJECTION = "postgres-projection";
    private static final String GROWTH = "postgres-growth";
    static final List<String> NAMES = List.of(VISIBLE, TransactionCase.NAME, GROWTH, PROJECTION, RebuildCase.NAME);

    private static final int TIMES = 20;
    private static final double FLAT = 1.2;
    private static final int WRITERS = 64;
    private static final int WRITER_STREAMS = 1_000;
    private static final int IN_FLIGHT = 1_000;
    private static final int VISIBLE_EVENTS = 200;
    private static final Duration CATCH_UP_MAX = Duration.ofHours(1);

    private final PostgresServer.Running server;
    private final Report report;
    private final Progress progress;
    private final Rounds rounds;
    private final Layout layout;

    PostgresCases(Run run, PostgresServer.Running server, long events) {
        this.server = server;
        this.report = run.report();
        this.progress = run.progress();
        this.rounds = run.rounds();
        this.layout = Layout.of(events);
    }

    void run() throws Exception {
        if (report.wants(VISIBLE)) {
            visible();
        }
        if (report.wants(TransactionCase.NAME)) {
            progress.at(TransactionCase.NAME);
            try (progress) {
                report.print(TransactionCase.run(server, rounds));
            }
        }
        if (report.wants(GROWTH) || report.wants(PROJECTION) || report.wants(RebuildCase.NAME)) {
            large();
        }
    }

    private HikariDataSource database(String name) throws SQLException {
        HostedPeer.renew(server, name);
        return LeftfoldPostgresPeer.pool(server.url(name));
    }

    /** From the end of an append to its event's arrival at a follower of another store: another process, as it were. */
    private void visible() throws SQLException, InterruptedException, ExecutionException {
        List<Measured> measured = new ArrayList<>();
        progress.at(VISIBLE);
        try (progress;
                HikariDataSource here = database("bench_visible");
                HikariDataSource there = LeftfoldPostgresPeer.pool(server.url("bench_visible"));
                PostgresEventStore writer = PostgresEventStore.open(here);
                PostgresEventStore reader = PostgresEventStore.open(there);
                Subscription follower = reader.subscribe(Query.all(), 0);
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Workload workload = new Workload(0, IN_FLIGHT);
            for (int round = 0; round <= rounds.count(); round++) {
                Histogram latencies = Measured.histogram();
                long start = System.nanoTime();
                for (int i = 0; i < VISIBLE_EVENTS; i++) {
                    Future<Long> seen = thread.submit(() -> arrival(follower));
                    writer.append(workload.next(1));
                    long acknowledged = System.nanoTime();
                    latencies.recordValue(Math.max(0, seen.get() - acknowledged));
                }
                if (round > 0) { // the first is not counted: code is compiled
                    measured.add(new Measured(VISIBLE_EVENTS, System.nanoTime() - start, latencies));
                }
            }
        }
        report.print(Row.of(VISIBLE, measured, Goal.p50Micros(5_000)));
    }

    private static long arrival(Subscription follower) throws InterruptedException {
        Batch batch = follower.next(1, CATCH_UP_MAX);
        if (batch.events().isEmpty()) {
            throw new AssertionError("an event did not arrive");
        }
        return System.nanoTime();
    }

    /** Appends at a small size and at one twenty times that; what is there then is projected. */
    private void large() throws Exception {
        try (progress;
                HikariDataSource pool = database("bench_large");
                PostgresEventStore store = PostgresEventStore.open(pool)) {
            Growth growth = new Growth(store);
            growth.fill();
            if (report.wants(GROWTH)) {
                report.print(growth.row());
            }
            if (report.wants(PROJECTION)) {
                List<Measured> projections = new ArrayList<>();
                for (int i = 0; i < rounds.count(); i++) {
                    projections.add(project(store, pool, i + 1));
                }
                report.print(Row.of(PROJECTION, projections, Goal.eventsPerSecond(150_000)));
            }
            if (report.wants(RebuildCase.NAME)) {
                progress.at(RebuildCase.NAME);
                report.print(new RebuildCase(server, store, pool).run(rounds, rounds.count() + 1));
            }
        }
    }

    /** Fills a log, and appends with 64 writers for a while when a twentieth is there, and when all is. */
    private final class Growth {
        private final PostgresEventStore store;
        private final Deque<CompletableFuture<AppendResult>> sent = new ArrayDeque<>();
        private final ServedRounds small;
        private final ServedRounds large;
        private long filled;

        Growth(PostgresEventStore store) {
            this.store = store;
            List<Callable<Integer>> writers = new ArrayList<>();
            for (int i = 1; i <= WRITERS; i++) {
                Workload workload = new Workload(i, WRITER_STREAMS);
                writers.add(() -> {
                    store.append(workload.next(1));
                    return 1;
                });
            }
            this.small = new ServedRounds(server, writers);
            this.large = new ServedRounds(server, writers);
        }

        void fill() throws Exception {
            long smallEvents = layout.events() / TIMES;
            layout.appends(append -> {
                if (sent.size() == IN_FLIGHT) {
                    sent.remove().join();
                }
                sent.add(store.appendAsync(append));
                filled += append.size();
                progress.at("writing the log on PostgreSQL", filled, layout.events());
                if (report.wants(GROWTH) && small.isEmpty() && filled >= smallEvents) {
                    measure(small);
                }
            });
            settle();
            if (report.wants(GROWTH)) {
                measure(large);
            }
        }

        private void settle() {
            sent.forEach(CompletableFuture::join);
            sent.clear();
        }

        private void measure(ServedRounds measured) {
            settle();
            try {
                measured.warmUp(rounds.probeNanos()); // streams are made, too
                for (int i = 0; i < rounds.count(); i++) {
                    measured.run(rounds.nanos());
                }
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        Row row() {
            double before = small.row("", Goal.NONE).eventsPerSecond();
            double smallCpu = small.cpuMicros();
            double largeCpu = large.cpuMicros();
            Goal goal = new Goal(
                    "server's CPU an event as at a twentieth of the size, + 20 % at most",
                    row -> largeCpu <= FLAT * smallCpu);
            return large.row(GROWTH, goal)
                    .with("events_per_second_small", before)
                    .with("server_cpu_us_per_event_small", smallCpu)
                    .withNote("server %.1f us CPU an event, %.1f at a twentieth, where there were %,.0f/s"
                            .formatted(largeCpu, smallCpu, before));
        }
    }

    private Measured project(PostgresEventStore store, HikariDataSource database, int version)
            throws InterruptedException, IOException {
        progress.at(PROJECTION + ", round " + version + " of " + rounds.count());
        long head = store.head();
        long start = System.nanoTime();
        try (Follower follower = new ReadDatabase(database).run(store, Balances.projection(version), Balances.CODEC)) {
            if (!follower.await(head, CATCH_UP_MAX)) {
                throw new IOException("the projection did not finish: " + follower.status());
            }
        }
        return Measured.ofOne(head, System.nanoTime() - start);
    }
}
