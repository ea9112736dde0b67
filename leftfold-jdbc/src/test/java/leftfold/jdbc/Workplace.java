// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import leftfold.jdbc.Movement.Deposited;
import leftfold.memory.MemoryEventStore;
import leftfold.projection.FailurePolicy;
import leftfold.subscription.Backoff;
import leftfold.subscription.Follower;
import leftfold.subscription.FollowerSettings;
import leftfold.subscription.FollowerStatus.State;

/** A log, a read database and what runs on them, for a test. */
final class Workplace implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(20);

    /** A lease that is taken over soon. */
    private static final Duration EXPIRY = Duration.ofMillis(300);

    final MemoryEventStore store = new MemoryEventStore();
    final DataSource database;
    private final List<AutoCloseable> open = new ArrayList<>();

    Workplace(TestDatabase kind, Path folder) {
        database = kind.open(folder);
    }

    /** Returns the door that another process would have. */
    ReadDatabase door() {
        return door(database);
    }

    /** Returns a door with somebody between it and the database. */
    ReadDatabase door(DataSource through) {
        FollowerSettings settings = FollowerSettings.standard()
                .withBackoff(Backoff.none())
                .withThreads(Thread.ofPlatform().daemon().factory());
        return new ReadDatabase(through, settings, new ReadTables(through, EXPIRY.dividedBy(5), EXPIRY));
    }

    ReadModels models() {
        return door().models();
    }

    Follower run(JdbcProjection projection) {
        return keep(door().run(store, projection));
    }

    Rebuild rebuild(JdbcProjection... projections) {
        return keep(door().rebuild(store, List.of(projections)));
    }

    <T extends AutoCloseable> T keep(T closeable) {
        open.add(closeable);
        return closeable;
    }

    long deposit(String account, long amount) {
        return Bank.append(store, new Deposited(account, amount));
    }

    static JdbcProjection balances(int projectionVersion) {
        return new DocumentProjection<>(Models.balances(projectionVersion), Models.LONGS);
    }

    /** Returns a projection that fails at deposits of 13, as long as {@code lucky} says so. */
    static SqlProjection superstitious(FailurePolicy policy, BooleanSupplier lucky) {
        return SqlProjection.<Movement>declare("counted", 1, Movement.CODEC)
                .table("counted", "id BIGINT NOT NULL PRIMARY KEY, amount BIGINT NOT NULL")
                .on(Deposited.class, (sql, deposit) -> {
                    sql.update(
                            "INSERT INTO " + sql.table("counted") + " VALUES (?, ?)",
                            deposit.position(),
                            deposit.event().amount());
                    if (deposit.event().amount() == 13 && !lucky.getAsBoolean()) {
                        throw new IllegalArgumentException("thirteen\nis too much");
                    }
                })
                .onFailure(policy)
                .build();
    }

    long number(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection()) {
            Sql.execute(connection, sql);
        }
    }

    /** Returns why the follower failed, once it has. */
    static Throwable failure(Follower follower) throws InterruptedException {
        follower.await(Long.MAX_VALUE, LONG);
        return switch (follower.status().state()) {
            case State.Failed(long position, UUID id, Throwable cause) -> cause;
            case State.Running() -> throw new AssertionError("running");
            case State.Waiting(String reason) -> throw new AssertionError(reason);
            case State.Stopped() -> throw new AssertionError("stopped");
        };
    }

    /** Waits until something is so. */
    static void until(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not so after " + LONG);
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        store.close();
    }
}
