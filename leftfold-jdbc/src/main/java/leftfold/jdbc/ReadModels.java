// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import leftfold.jdbc.ProjectionStatus.State;
import leftfold.store.EventStore;
import leftfold.subscription.Backlog;
import leftfold.subscription.SinkUnavailableException;

/**
 * What a read database has, and looking after it: also for processes that run no projection, and without their code.
 * Safe for use by many threads. Every method throws {@link DatabaseException} if the database fails.
 */
public final class ReadModels {
    private static final Duration LOOK = Duration.ofMillis(20);

    private final ReadTables tables;
    private final InstantSource clock;

    /** Something asked of the database. */
    private interface Question<T> {
        T ask(Connection connection) throws Exception;
    }

    ReadModels(ReadTables tables, InstantSource clock) {
        this.tables = tables;
        this.clock = clock;
    }

    /** Returns where each build of each projection stands in {@code store}, by name, version and build. */
    public List<ProjectionStatus> status(EventStore store) {
        Optional<List<ProjectionStatus>> found = look("cannot read the status of projections", connection -> {
            List<ProjectionStatus> all = new ArrayList<>();
            for (BuildRow row : BuildTable.list(connection, null)) {
                all.add(status(connection, store, row));
            }
            return all;
        });
        return found.orElse(List.of());
    }

    /**
     * Returns how long the oldest event has been waiting that {@code name} wants and its readers do not see yet; zero
     * if none is.
     *
     * @throws ReadModelException.NotThere if readers see nothing of that name
     */
    public Duration lag(EventStore store, String name) {
        return ask("cannot read the checkpoint of " + name, connection -> {
            BuildRow row = live(connection, name);
            return new Backlog(store, WantedTable.find(connection, row.build()))
                    .age(row.mark().position(), clock);
        });
    }

    /**
     * Returns the position up to which readers of {@code name} see everything.
     *
     * @throws ReadModelException.NotThere if readers see nothing of that name
     */
    public long position(String name) {
        return ask(
                "cannot read the checkpoint of " + name,
                connection -> live(connection, name).mark().position());
    }

    /**
     * Waits until readers of {@code name} see everything up to {@code position}, whichever process runs the projection,
     * and returns whether they do; false once {@code timeout} is over.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean await(String name, long position, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
        while (!isShownUpTo(name, position)) {
            if (System.nanoTime() >= deadline) {
                return false;
            }
            pause();
        }
        return true;
    }

    /**
     * Takes readers of {@code name} back to the build that they saw before the present one, at once, and returns its
     * status. It stands where it stood then, and is caught up by a runner of its version; the present one is kept. Done
     * twice, it undoes itself.
     *
     * @throws ReadModelException.NotThere if there is no such build; nothing was changed
     */
    public ProjectionStatus rollback(EventStore store, String name) {
        return ask("cannot roll " + name + " back", connection -> {
            BuildRow before = tables.shownBefore(connection, name)
                    .orElseThrow(() -> new ReadModelException.NotThere("there is no earlier build of " + name
                            + " to roll back to; 'projections list' shows what there is"));
            Views.showAgain(connection, Dialect.of(connection), before);
            return status(
                    connection,
                    store,
                    BuildTable.find(connection, before.build()).orElseThrow());
        });
    }

    /**
     * Drops every build of {@code name} that readers have left, or can no longer come to, and returns their names.
     *
     * @throws ReadModelException.InUse if a process still fills one; those before it are dropped
     * @throws InterruptedException if the thread is interrupted while it waits to see whether a process is alive
     */
    public List<String> dropOld(String name) throws InterruptedException {
        List<BuildRow> old = ask("cannot read the builds of " + name, connection -> {
            int version = live(connection, name).build().id().projectionVersion();
            return BuildTable.list(connection, name).stream()
                    .filter(row -> row.state() == State.KEPT
                            || (row.state() == State.BUILDING
                                    && row.build().id().projectionVersion() < version))
                    .toList();
        });
        List<String> dropped = new ArrayList<>();
        for (BuildRow row : old) {
            drop(row);
            dropped.add(row.build().key());
        }
        return dropped;
    }

    /** Returns the events that the projection that readers see has put aside, in log order. */
    public List<DeadLetter> deadLetters(String name) {
        return ask(
                "cannot read the dead letters of " + name,
                connection -> DeadLetterTable.list(
                        connection, current(connection, name).build()));
    }

    /**
     * Asks the projection's runner to handle an event again that it has put aside, and returns whether there is such a
     * one. It is handled out of its order, on the read model as it then is; if it fails again it stays a dead letter.
     */
    public boolean retry(String name, long position) {
        return ask(
                "cannot ask for a dead letter again",
                connection -> DeadLetterTable.retry(
                        connection, current(connection, name).build(), position));
    }

    /** Forgets an event that was put aside, and returns whether there was such a one. */
    public boolean dropDeadLetter(String name, long position) {
        return ask(
                "cannot drop a dead letter",
                connection -> DeadLetterTable.remove(
                        connection, current(connection, name).build(), position));
    }

    private boolean isShownUpTo(String name, long position) {
        return look(
                        "cannot read the checkpoint of " + name,
                        connection -> tables.live(connection, name)
                                .filter(row -> row.mark().position() >= position)
                                .isPresent())
                .orElse(false);
    }

    private ProjectionStatus status(Connection connection, EventStore store, BuildRow row) throws SQLException {
        Build build = row.build();
        long checkpoint = row.mark().position();
        long head = Math.max(checkpoint, store.head());
        Backlog waiting = new Backlog(store, WantedTable.find(connection, build));
        // The checkpoint is not moved for each event that the projection does not want.
        boolean behind = checkpoint < head && waiting.first(checkpoint).isPresent();
        var lease = Sql.rows(
                connection,
                "SELECT runner, positions_per_second FROM leftfold_lease WHERE build = ?",
                found -> new Running(found.getString(1), found.getDouble(2)),
                build.key());
        Running running = lease.isEmpty() ? new Running("", 0) : lease.getFirst();
        boolean alive =
                !running.runner().isEmpty() && !Runner.parse(running.runner()).isDead();
        return new ProjectionStatus(
                build.id().name(),
                build.id().projectionVersion(),
                build.number(),
                row.state(),
                behind ? checkpoint : head,
                head,
                behind ? waiting.age(checkpoint, clock) : Duration.ZERO,
                alive ? running.positionsPerSecond() : 0,
                alive,
                DeadLetterTable.list(connection, build).size(),
                row.failure());
    }

    private record Running(String runner, double positionsPerSecond) {}

    private void drop(BuildRow row) throws InterruptedException {
        Build build = row.build();
        Lease lease = tables.lease(() -> 0);
        long deadline = System.nanoTime() + 2 * Lease.EXPIRY.toNanos();
        while (!tryDrop(row, lease)) {
            if (System.nanoTime() >= deadline) {
                throw new ReadModelException.InUse(build.key(), "another process");
            }
            pause();
        }
    }

    private boolean tryDrop(BuildRow row, Lease lease) {
        Build build = row.build();
        return ask("cannot drop " + build.key(), connection -> {
            try {
                lease.acquire(connection, build);
            } catch (SinkUnavailableException e) {
                return false;
            }
            Sql.inTransaction(connection, () -> {
                BuildTable.delete(connection, build);
                DeadLetterTable.removeAll(connection, build);
                WantedTable.remove(connection, build);
                Sql.update(connection, "DELETE FROM leftfold_lease WHERE build = ?", build.key());
                for (String table : build.tables(row.views())) {
                    Sql.execute(connection, "DROP TABLE IF EXISTS " + table);
                }
            });
            return true;
        });
    }

    private BuildRow live(Connection connection, String name) throws SQLException {
        return tables.live(connection, name)
                .orElseThrow(() -> new ReadModelException.NotThere(
                        "readers see no read model " + name + " yet; 'projections list' shows what there is"));
    }

    /** Returns the build that readers see, or else the newest. */
    private BuildRow current(Connection connection, String name) throws SQLException {
        List<BuildRow> rows = BuildTable.list(connection, name);
        return tables.live(connection, name)
                .or(() -> rows.isEmpty() ? Optional.empty() : Optional.of(rows.getLast()))
                .orElseThrow(() -> new ReadModelException.NotThere(
                        "there is no projection " + name + "; 'projections list' shows what there is"));
    }

    private <T> T ask(String what, Question<T> question) {
        return look(what, question)
                .orElseThrow(() -> new ReadModelException.NotThere(
                        "there are no read models yet; run or rebuild a projection first"));
    }

    /** Returns the answer; empty if there are no read models. Makes no tables: who asks may have no right to. */
    private <T> Optional<T> look(String what, Question<T> question) {
        if (!tables.exist()) {
            return Optional.empty();
        }
        try (Connection connection = tables.connect()) {
            return tables.areMade(connection) ? Optional.of(question.ask(connection)) : Optional.empty();
        } catch (SQLException e) {
            throw new DatabaseException(what, e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(what, e);
        }
    }

    private static void pause() throws InterruptedException {
        new CountDownLatch(1).await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }
}
