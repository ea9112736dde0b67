// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static leftfold.postgres.Accounts.append;
import static leftfold.postgres.Accounts.deposit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import leftfold.store.AppendResult;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The program's own statements and appends in one transaction. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TransactionTest {
    private static final StreamId A = StreamId.of("account-a");

    private final HikariDataSource pool = TestServer.newSchema();
    private final PostgresEventStore store = PostgresEventStore.open(pool);

    @BeforeEach
    void makeTable() throws SQLException {
        Accounts.execute(pool, "CREATE TABLE product (name text PRIMARY KEY)");
    }

    @AfterEach
    void end() {
        store.close();
        pool.close();
    }

    @Test
    void rows_and_events_are_committed_together_and_the_result_is_returned() throws Exception {
        AppendResult result = store.transaction(tx -> {
            insert(tx.connection(), "lamp");
            AppendResult first = tx.append(append("a", 1));
            assertThat(store.head()).as("before the commit").isZero();
            assertThat(products()).as("before the commit").isZero();
            assertThat(tx.append(A, 1, List.of(deposit("a", 2))).version()).isEqualTo(2);
            return first;
        });
        assertThat(result.position()).isEqualTo(1);
        assertThat(store.head()).isEqualTo(2);
        assertThat(products()).isEqualTo(1);
    }

    @Test
    void what_the_work_throws_comes_out_unchanged_and_nothing_is_left() throws Exception {
        IOException failure = new IOException("of the program");
        assertThatThrownBy(() -> store.transaction(tx -> {
                    insert(tx.connection(), "lamp");
                    tx.append(append("a", 1));
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(products()).isZero();
        assertThat(store.streamVersion(A)).isZero();
        assertThat(store.append(append("a", 2)).position()).isEqualTo(1);
    }

    @Test
    void a_failed_statement_comes_out_unchanged_and_nothing_is_left() throws Exception {
        assertThatThrownBy(() -> store.transaction(tx -> {
                    tx.append(append("a", 1));
                    insert(tx.connection(), "lamp");
                    return insert(tx.connection(), "lamp");
                }))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
        assertThat(store.head()).isZero();
    }

    @Test
    void a_failed_statement_that_the_work_hides_cannot_be_committed() {
        assertThatThrownBy(() -> store.transaction(tx -> {
                    tx.append(append("a", 1));
                    assertThatThrownBy(() -> TestServer.execute(tx.connection(), "SELECT 1 / 0"))
                            .isInstanceOf(SQLException.class);
                    return "done";
                }))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("nothing was written")
                .hasMessageContaining("failed and was passed over");
        assertThat(store.head()).isZero();
    }

    @Test
    void one_that_its_own_statements_have_ended_is_not_called_committed() {
        assertThatThrownBy(() -> store.transaction(tx -> {
                    tx.append(append("a", 1));
                    TestServer.execute(tx.connection(), "ROLLBACK");
                    return "done";
                }))
                .isInstanceOf(StoreException.OutcomeUnknown.class)
                .hasMessageContaining("ended by a statement of its own");
        assertThat(store.head()).isZero();
    }

    @Test
    void a_commit_that_the_database_refuses_leaves_nothing() throws Exception {
        Accounts.execute(
                pool, "CREATE TABLE price (name text REFERENCES product (name) DEFERRABLE INITIALLY DEFERRED)");
        assertThatThrownBy(() -> store.transaction(tx -> {
                    TestServer.execute(tx.connection(), "INSERT INTO price VALUES ('nothing')");
                    return tx.append(append("a", 1));
                }))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("price_name_fkey");
        assertThat(store.head()).isZero();
    }

    @Test
    void a_conflict_is_thrown_at_once_and_the_work_may_go_on() throws Exception {
        store.append(append("a", 1));
        store.transaction(tx -> {
            insert(tx.connection(), "lamp");
            assertThatThrownBy(() -> tx.append(A, 0, List.of(deposit("a", 2))))
                    .isInstanceOfSatisfying(
                            StoreException.Conflict.class,
                            e -> assertThat(e.found()).isEqualTo(1));
            return tx.append(A, 1, List.of(deposit("a", 3)));
        });
        assertThat(store.streamVersion(A)).isEqualTo(2);
        assertThat(products()).isEqualTo(1);
    }

    @Test
    void a_repeat_returns_its_first_outcome_and_an_id_with_other_events_is_refused() throws Exception {
        Event first = deposit("a", 1);
        store.append(A, 0, List.of(first));
        store.append(append("b", 1));
        store.transaction(tx -> {
            AppendResult again = tx.append(A, 0, List.of(first));
            assertThat(again.repeated()).isTrue();
            assertThat(again.position()).isEqualTo(1);
            assertThatThrownBy(() -> tx.append(append("a", List.of(first, deposit("a", 2)))))
                    .isInstanceOf(StoreException.EventIdConflict.class);
            Event own = deposit("c", 1);
            tx.append(append("c", List.of(own)));
            assertThat(tx.append(append("c", List.of(own))).repeated()).isTrue();
            return again;
        });
        assertThat(store.head()).isEqualTo(3);
    }

    @Test
    void another_transaction_or_append_on_its_thread_is_refused() throws Exception {
        store.transaction(tx -> {
            assertThatThrownBy(() -> store.transaction(other -> 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("pass that one on");
            assertThatThrownBy(() -> store.append(append("a", 1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("append with its append");
            assertThatThrownBy(() -> store.appendAsync(append("a", 1))).isInstanceOf(IllegalStateException.class);
            return tx.append(append("a", 1));
        });
        store.append(append("a", 2));
        assertThat(store.head()).isEqualTo(2);
    }

    @Test
    void it_is_refused_to_other_threads_and_after_its_end() throws Exception {
        AtomicReference<Transaction> kept = new AtomicReference<>();
        AtomicReference<Connection> connection = new AtomicReference<>();
        AtomicReference<Throwable> elsewhere = new AtomicReference<>();
        store.transaction(tx -> {
            kept.set(tx);
            connection.set(tx.connection());
            Thread.ofPlatform()
                    .start(() -> {
                        try {
                            tx.append(append("a", 1));
                        } catch (IllegalStateException e) {
                            elsewhere.set(e);
                        }
                    })
                    .join();
            return 0;
        });
        assertThat(elsewhere.get()).hasMessageContaining("belongs to thread");
        assertThatThrownBy(() -> Objects.requireNonNull(kept.get()).append(append("a", 1)))
                .hasMessageContaining("has ended");
        assertThatThrownBy(() -> Objects.requireNonNull(connection.get()).createStatement())
                .hasMessageContaining("has ended");
        assertThat(store.head()).isZero();
    }

    @Test
    void what_would_end_it_is_refused_on_its_connection_and_closing_does_nothing() throws Exception {
        store.transaction(tx -> {
            try (Connection connection = tx.connection()) {
                insert(connection, "lamp");
                assertThatThrownBy(connection::commit)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("commit is refused");
                assertThatThrownBy(connection::rollback).hasMessageContaining("rollback is refused");
                assertThatThrownBy(() -> connection.setAutoCommit(true))
                        .hasMessageContaining("setAutoCommit is refused");
                assertThatThrownBy(() -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE))
                        .hasMessageContaining("is refused");
            }
            assertThat(tx.connection().isClosed()).isFalse();
            return tx.append(append("a", 1));
        });
        assertThat(products()).isEqualTo(1);
    }

    @Test
    void a_savepoint_takes_back_statements_but_no_append() throws Exception {
        store.transaction(tx -> {
            insert(tx.connection(), "lamp");
            Savepoint before = tx.connection().setSavepoint();
            assertThatThrownBy(() -> insert(tx.connection(), "lamp")).isInstanceOf(SQLException.class);
            tx.connection().rollback(before);
            Savepoint beforeAppend = tx.connection().setSavepoint();
            tx.append(append("a", 1));
            assertThatThrownBy(() -> tx.connection().rollback(beforeAppend))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("append last");
            return insert(tx.connection(), "table");
        });
        assertThat(products()).isEqualTo(2);
        assertThat(store.head()).isEqualTo(1);
    }

    @Test
    void a_backend_that_is_killed_between_append_and_commit_leaves_nothing() throws Exception {
        Event event = deposit("a", 1);
        assertThatThrownBy(() -> store.transaction(tx -> {
                    insert(tx.connection(), "lamp");
                    tx.append(A, 0, List.of(event));
                    kill(tx.connection());
                    return 0;
                }))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("nothing was written");
        assertThat(store.find(A, event.id())).isEmpty();
        assertThat(products()).isZero();
        assertThat(store.append(A, 0, List.of(event)).position()).isEqualTo(1);
    }

    @Test
    void a_backend_that_is_killed_before_an_append_leaves_nothing_whatever_the_work_does() throws Exception {
        assertThatThrownBy(() -> store.transaction(tx -> {
                    insert(tx.connection(), "lamp");
                    kill(tx.connection());
                    assertThatThrownBy(() -> tx.append(append("a", 1))).isInstanceOf(StoreException.Unavailable.class);
                    assertThatThrownBy(() -> tx.append(append("a", 1))).isInstanceOf(IllegalStateException.class);
                    return 0;
                }))
                .isInstanceOf(StoreException.Unavailable.class);
        assertThat(products()).isZero();
        assertThat(store.head()).isZero();
    }

    @Tag("slow")
    @Test
    void one_that_stands_still_is_ended_by_the_server_and_others_go_on() throws Exception {
        try (PostgresEventStore hasty =
                PostgresEventStore.open(pool, PostgresOptions.defaults().withTimeout(Duration.ofSeconds(1)))) {
            assertThatThrownBy(() -> hasty.transaction(tx -> {
                        tx.append(append("a", 1));
                        // Another process, as far as the lock is concerned.
                        return Thread.ofPlatform()
                                .start(() -> store.append(append("b", 1)))
                                .join(Duration.ofSeconds(20));
                    }))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("stood still");
        }
        assertThat(store.head()).isEqualTo(1);
        assertThat(store.streamVersion(A)).isZero();
    }

    @Test
    void steps_before_the_commit_are_part_of_it() throws Exception {
        store.transaction(tx -> {
            tx.beforeCommit(connection -> insert(connection, "lamp"));
            assertThat(products()).isZero();
            return tx.append(append("a", 1));
        });
        assertThat(products()).isEqualTo(1);
        assertThatThrownBy(() -> store.transaction(tx -> {
                    tx.beforeCommit(connection -> insert(connection, "lamp"));
                    return tx.append(append("a", 2));
                }))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("nothing was written");
        assertThat(store.head()).isEqualTo(1);
    }

    @Test
    void a_follower_is_given_what_was_committed_and_nothing_else() throws Exception {
        try (Subscription follower = store.subscribe(Query.all(), 0)) {
            assertThatThrownBy(() -> store.transaction(tx -> {
                        tx.append(append("a", 1));
                        throw new IOException("no");
                    }))
                    .isInstanceOf(IOException.class);
            store.transaction(tx -> tx.append(append("b", 1)));
            var batch = follower.next(10, Duration.ofSeconds(20));
            assertThat(batch.events()).hasSize(1);
            assertThat(batch.events().getFirst().stream()).isEqualTo(StreamId.of("account-b"));
        }
    }

    @Test
    void the_pool_gets_its_connection_back_as_it_was() throws Exception {
        store.transaction(tx -> insert(tx.connection(), "lamp"));
        try (Connection connection = pool.getConnection()) {
            assertThat(connection.getAutoCommit()).isTrue();
        }
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isLessThanOrEqualTo(1);
    }

    private static int insert(Connection connection, String product) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("INSERT INTO product VALUES ('" + product + "')");
        }
    }

    private long products() throws SQLException {
        return Accounts.number(pool, "SELECT count(*) FROM product");
    }

    /** Ends the server's process behind a connection, as an administrator or a crash would. */
    private void kill(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            Accounts.execute(pool, "SELECT pg_terminate_backend(" + row.getInt(1) + ", 20000)");
        }
    }
}
