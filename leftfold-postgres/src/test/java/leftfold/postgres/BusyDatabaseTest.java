// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import leftfold.store.Append;
import leftfold.store.AppendCondition.StreamAt;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** Others hold what an append needs: the log's lock, or the pool's connections. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class BusyDatabaseTest {
    private static final StreamId STREAM = StreamId.of("order-1");
    private static final PostgresOptions IMPATIENT = PostgresOptions.defaults().withTimeout(Duration.ofSeconds(1));

    private final HikariDataSource pool = TestServer.newSchema();

    @AfterEach
    void close_the_pool() {
        pool.close();
    }

    private static Append append(StreamId stream, long version) {
        Event event = Event.of("Placed", Data.json("{}"));
        return new Append(List.of(new StreamWrite(stream, List.of(event))), List.of(new StreamAt(stream, version)));
    }

    private Connection lockTheLog() throws SQLException {
        Connection connection = TestServer.source(pool.getSchema()).getConnection();
        connection.setAutoCommit(false);
        TestServer.execute(connection, "SELECT 1 FROM leftfold_log FOR UPDATE");
        return connection;
    }

    @Test
    void while_somebody_keeps_the_lock_appends_are_unavailable_and_write_nothing() throws SQLException {
        try (PostgresEventStore store = PostgresEventStore.open(pool, IMPATIENT)) {
            List<CompletableFuture<AppendResult>> waiting;
            try (Connection lock = lockTheLog()) {
                waiting = IntStream.range(0, 20)
                        .mapToObj(i -> store.appendAsync(append(StreamId.of("order-" + i), 0)))
                        .toList();
                assertThat(waiting)
                        .allSatisfy(one -> assertThatThrownBy(one::join)
                                .hasCauseInstanceOf(StoreException.Unavailable.class)
                                .hasMessageContaining("a transaction may hold the log's lock (a row of leftfold_log)"));
                lock.rollback();
            }
            assertThat(store.head()).isZero();
            assertThat(store.append(append(STREAM, 0)).position()).isEqualTo(1);
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void while_somebody_keeps_the_lock_a_transaction_that_publishes_does_not_wait_for_good() throws SQLException {
        Outbox outbox = Outbox.open(pool);
        OutboxMessage message = OutboxMessage.of("a", "Placed", Data.json("{}"));
        Transaction.Work<Long, RuntimeException> publishing = tx -> {
            tx.publish(message);
            return 1L;
        };
        try (PostgresEventStore store = PostgresEventStore.open(pool, IMPATIENT)) {
            try (Connection lock = lockTheLog()) {
                assertThatThrownBy(() -> store.transaction(publishing))
                        .isInstanceOf(StoreException.Unavailable.class)
                        .hasMessageContaining("a transaction may hold the log's lock (a row of leftfold_log)");
                lock.rollback();
            }
            assertThat(outbox.status().waiting()).isZero();
            assertThat(store.transaction(publishing)).isEqualTo(1);
        }
    }

    @Test
    void a_session_whose_transactions_may_not_take_long_has_its_appends_refused_while_the_lock_is_kept()
            throws SQLException {
        PGSimpleDataSource hasty = TestServer.source(pool.getSchema());
        hasty.setOptions("-c transaction_timeout=500");
        try (PostgresEventStore store = PostgresEventStore.open(hasty)) {
            try (Connection lock = lockTheLog()) {
                List<CompletableFuture<AppendResult>> waiting = IntStream.range(0, 20)
                        .mapToObj(i -> store.appendAsync(append(StreamId.of("order-" + i), 0)))
                        .toList();
                assertThat(waiting)
                        .allSatisfy(one -> assertThatThrownBy(one::join)
                                .hasCauseInstanceOf(StoreException.Unavailable.class)
                                .hasMessageContaining("a transaction may hold the log's lock (a row of leftfold_log)"));
                lock.rollback();
            }
            assertThat(store.append(append(STREAM, 0)).position()).isEqualTo(1);
        }
    }

    @Test
    void a_store_that_is_closed_answers_the_appends_that_wait() throws Exception {
        PostgresEventStore store = PostgresEventStore.open(pool);
        List<CompletableFuture<AppendResult>> waiting;
        Crowd<Void> closing;
        try (Connection lock = lockTheLog()) {
            waiting = IntStream.range(0, 20)
                    .mapToObj(i -> store.appendAsync(append(StreamId.of("order-" + i), 0)))
                    .toList();
            closing = new Crowd<Void>().add(() -> {
                store.close();
                return null;
            });
            lock.rollback();
        }
        closing.join();

        assertThat(waiting).allSatisfy(one -> assertThat(one).isCompleted());
        assertThatThrownBy(() -> store.append(append(STREAM, 1))).isInstanceOf(IllegalStateException.class);
        try (PostgresEventStore again = PostgresEventStore.open(pool)) {
            assertThat(again.head()).isEqualTo(waiting.size());
        }
    }

    @Test
    void one_connection_is_enough_for_appends_whether_they_fit_or_not() {
        try (HikariDataSource one = small(1);
                PostgresEventStore store = PostgresEventStore.open(one)) {
            assertThat(store.append(append(STREAM, 0)).version()).isEqualTo(1);
            assertThatThrownBy(() -> store.append(append(STREAM, 0))).isInstanceOf(StoreException.Conflict.class);
            assertThatThrownBy(() -> store.streamVersion(STREAM))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("give the pool a connection for appends");
        }
    }

    @Test
    void an_append_that_gets_no_connection_says_what_the_pool_needs() throws SQLException {
        try (HikariDataSource one = small(1);
                PostgresEventStore store = PostgresEventStore.open(one, IMPATIENT)) {
            try (Connection kept = one.getConnection()) {
                assertThat(kept.isClosed()).isFalse();
                assertThatThrownBy(() -> store.append(append(STREAM, 0)))
                        .isInstanceOf(StoreException.Unavailable.class)
                        .hasMessageContaining("give the pool a connection for appends");
            }
            assertThat(store.append(append(STREAM, 0)).version()).isEqualTo(1);
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void an_append_whose_connection_broke_waits_for_one_where_the_server_has_none_left() throws Exception {
        PostgresEventStore.open(pool).close();
        PGSimpleDataSource role = TestServer.role(
                pool.getSchema(), "SELECT ON ALL TABLES", "INSERT ON ALL TABLES", "UPDATE ON ALL TABLES");
        String limit = "ALTER ROLE " + role.getUser() + " CONNECTION LIMIT ";
        DataSource refused = Wrapped.of(DataSource.class, role, call -> {
            try {
                return call.proceed();
            } catch (SQLException e) {
                TestServer.execute(pool, limit + "-1");
                throw e;
            }
        });
        try (PostgresEventStore store = PostgresEventStore.open(refused)) {
            store.append(append(STREAM, 0));
            TestServer.execute(pool, limit + "0");
            TestServer.execute(
                    pool,
                    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = '" + role.getUser()
                            + "'");
            assertThat(store.append(append(STREAM, 1)).version()).isEqualTo(2);
        }
    }

    private HikariDataSource small(int connections) {
        HikariDataSource small = TestServer.pool(pool.getSchema());
        small.setMaximumPoolSize(connections);
        small.setConnectionTimeout(1_000);
        return small;
    }
}
