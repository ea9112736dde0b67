// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import leftfold.jdbc.ReadDatabase;
import leftfold.jdbc.Rebuild;
import leftfold.jdbc.Sqlite;
import leftfold.log.LogEventStore;
import leftfold.projection.MemoryReadModel;
import leftfold.subscription.Follower;

/**
 * The read side over one log of its own: read models built from the first event on, in databases and in memory, and how
 * soon after a commit an event is seen in one. The log is measured at a tenth, at three tenths and whole: what an event
 * costs is to be the same in each.
 */
final class ProjectionCases {
    private static final String SQLITE = "rebuild-sqlite";
    private static final String POSTGRES = "rebuild-postgres";
    private static final String FOLD = "fold-memory";
    private static final List<Part> PARTS =
            List.of(new Part(SQLITE + "-10pct", 10), new Part(SQLITE + "-30pct", 30), new Part(SQLITE, 100));

    static final List<String> NAMES =
            List.of(PARTS.get(0).name(), PARTS.get(1).name(), SQLITE, POSTGRES, FOLD, VisibleCase.NAME);

    private static final double SQLITE_PER_SECOND = 200_000;
    private static final double POSTGRES_PER_SECOND = 150_000;
    private static final double FOLD_PER_SECOND = 3_000_000;
    private static final int REBUILDS_MAX = 3; // they are long enough to be steady
    private static final long EVENT_BYTES_MAX = 320;
    private static final long DATABASE_BYTES_MAX = 2_000_000_000; // most of it PostgreSQL's programs and its own log
    private static final Duration LONGEST = Duration.ofHours(4);

    private final BenchFolder work;
    private final Report report;
    private final Progress progress;
    private final long events;
    private final Rounds rounds;

    /** A case that reads as much of the log as there is by then. */
    private record Part(String name, int percent) {}

    private interface Round {
        Measured run() throws IOException, InterruptedException;
    }

    ProjectionCases(BenchFolder work, Report report, Progress progress, long events, Rounds rounds) {
        this.work = work;
        this.report = report;
        this.progress = progress;
        this.events = events;
        this.rounds = rounds;
    }

    /** Returns how much room the log and the databases take at most. */
    static long bytesMax(long events) {
        return events * EVENT_BYTES_MAX + DATABASE_BYTES_MAX;
    }

    void run() throws IOException, InterruptedException {
        if (NAMES.stream().noneMatch(report::wants)) {
            return;
        }
        Path log = work.child("projected");
        try (LogEventStore store = LogEventStore.open(log)) {
            Accounts.Traffic traffic = new Accounts.Traffic(events);
            for (Part part : PARTS) {
                write(store, traffic, events * part.percent() / 100);
                if (report.wants(part.name())) {
                    inSqlite(store, part);
                }
            }
            if (report.wants(POSTGRES)) {
                inPostgres(store);
            }
            if (report.wants(FOLD)) {
                measure(FOLD, Goal.eventsPerSecond(FOLD_PER_SECOND), rounds.count(), () -> fold(store));
            }
        }
        BenchFolder.delete(log);
        if (report.wants(VisibleCase.NAME)) {
            new VisibleCase(work, report, progress, rounds).run();
        }
    }

    private void write(LogEventStore store, Accounts.Traffic traffic, long end) {
        try (progress) {
            CompletableFuture<?> last = CompletableFuture.completedFuture(store);
            for (long left = end - store.head(); left > 0; left -= Accounts.Traffic.APPEND_EVENTS) {
                last = store.appendAsync(traffic.next(left));
                progress.at("writing the log to be projected", store.head(), end);
            }
            last.join(); // the log takes them in order, so the others are done
        }
        if (store.head() != end) {
            throw new AssertionError("the log has " + store.head() + " events, not " + end);
        }
    }

    private void inSqlite(LogEventStore store, Part part) throws IOException, InterruptedException {
        Path folder = work.child(part.name());
        DataSource database = Sqlite.open(folder.resolve("read-models.db"));
        Goal goal = part.name().equals(SQLITE) ? Goal.eventsPerSecond(SQLITE_PER_SECOND) : Goal.NONE;
        measure(part.name(), goal, Math.min(REBUILDS_MAX, rounds.count()), () -> rebuild(store, database));
        BenchFolder.delete(folder);
    }

    private void inPostgres(LogEventStore store) throws IOException, InterruptedException {
        Path folder = work.child(POSTGRES);
        Goal goal = Goal.eventsPerSecond(POSTGRES_PER_SECOND);
        progress.at("starting PostgreSQL");
        try (Postgres server = Postgres.start(folder)) {
            measure(POSTGRES, goal, Math.min(REBUILDS_MAX, rounds.count()), () -> rebuild(store, server.database()));
        } catch (IllegalStateException e) {
            report.printFailed(POSTGRES, goal, "PostgreSQL does not start here: " + e.getMessage());
        }
        BenchFolder.delete(folder);
    }

    /** Runs once before it measures: the code is being compiled. */
    private void measure(String name, Goal goal, int count, Round round) throws IOException, InterruptedException {
        List<Measured> measured = new ArrayList<>();
        progress.at(name);
        try (progress) {
            round.run();
            for (int i = 0; i < count; i++) {
                measured.add(round.run());
            }
        } catch (IOException e) {
            report.printFailed(name, goal, String.valueOf(e.getMessage()));
            return;
        }
        report.print(
                Row.of(name, measured, goal).with("events", measured.getFirst().events()));
    }

    /** Builds the read model anew, up to the moment when readers see it. */
    private static Measured rebuild(LogEventStore store, DataSource source) throws IOException, InterruptedException {
        ReadDatabase database = new ReadDatabase(source);
        long start = System.nanoTime();
        long nanos;
        try (Rebuild rebuild = database.rebuild(store, List.of(Accounts.table()))) {
            if (!rebuild.await(LONGEST)) {
                throw new IOException("the rebuild ended as " + rebuild.status());
            }
            nanos = System.nanoTime() - start;
        }
        String name = Accounts.projection().id().name();
        var unused = database.models().dropOld(name);
        return Measured.ofOne(checked(store, movements(source, name)), nanos);
    }

    private static Measured fold(LogEventStore store) throws IOException, InterruptedException {
        MemoryReadModel<Accounts.Account> model = MemoryReadModel.of(Accounts.projection());
        long start = System.nanoTime();
        long nanos;
        try (Follower follower = model.follow(store)) {
            if (!follower.await(store.head(), LONGEST)) {
                throw new IOException("the fold ended as " + follower.status());
            }
            nanos = System.nanoTime() - start;
        }
        long movements = model.read(all ->
                all.values().stream().mapToLong(Accounts.Account::movements).sum());
        return Measured.ofOne(checked(store, movements), nanos);
    }

    private static long movements(DataSource source, String view) throws IOException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT document FROM " + view)) {
            long sum = 0;
            while (row.next()) {
                sum += Accounts.TEXT.fromText(row.getString(1)).movements();
            }
            return sum;
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private static long checked(LogEventStore store, long movements) throws IOException {
        if (movements != store.head()) {
            throw new IOException("the read model has " + movements + " of " + store.head() + " events");
        }
        return movements;
    }
}
