// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static leftfold.postgres.Accounts.TOO_MUCH;
import static leftfold.postgres.Accounts.append;
import static leftfold.postgres.Accounts.deposit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import leftfold.jdbc.JdbcProjection;
import leftfold.jdbc.ReadDatabase;
import leftfold.jdbc.ReadModelException;
import leftfold.jdbc.SqlProjection;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Read models that are filled in the transactions of the appends. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class InlineProjectionTest {
    private final HikariDataSource pool = TestServer.newSchema();
    private final ReadDatabase readers = new ReadDatabase(pool);
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        pool.close();
    }

    @Test
    void readers_see_what_an_append_changes_when_it_returns() throws Exception {
        PostgresEventStore store = inline();
        store.append(append("a", 5));
        store.append(append("a", List.of(deposit("a", 1), deposit("a", 2))));
        AppendResult last = store.append(StreamId.of("other-1"), 0, List.of(Event.of("Audited", Data.json("{}"))));
        assertThat(Accounts.balances(pool)).isEqualTo(Map.of("a", 8L));
        assertThat(Accounts.totals(pool)).isEqualTo(Map.of("a", 8L));
        assertThat(readers.document("balances", "a", Accounts.LONGS)).contains(8L);
        assertThat(readers.models().position("totals")).isEqualTo(last.position());
        assertThat(readers.models().await("balances", last.position(), Duration.ZERO))
                .isTrue();
        assertThat(readers.models().status(store))
                .allSatisfy(status -> assertThat(status.lagEvents()).isZero());
    }

    @Test
    void a_failing_handler_fails_its_append_and_leaves_nothing() throws Exception {
        PostgresEventStore store = inline();
        store.append(append("a", 5));
        Event bad = deposit("a", TOO_MUCH);
        assertThatThrownBy(() -> store.append(append("a", List.of(deposit("a", 1), bad))))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("nothing was written")
                .hasMessageContaining("inline projection balances-v1 fails at event " + bad.id())
                .hasMessageContaining("too much for a")
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
        assertThat(store.head()).isEqualTo(1);
        assertThat(store.append(append("a", 3)).position()).isEqualTo(2);
        checkExact(store);
        assertThat(Accounts.number(pool, "SELECT count(*) FROM deposits")).isEqualTo(2);
    }

    @Test
    void neighbours_of_a_failing_append_in_its_group_go_through() throws Exception {
        PostgresEventStore store = inline();
        List<CompletableFuture<AppendResult>> results = new ArrayList<>();
        try (Connection lock = pool.getConnection()) {
            lock.setAutoCommit(false);
            TestServer.execute(lock, "SELECT 1 FROM leftfold_log FOR UPDATE");
            for (int i = 0; i < 60; i++) { // the first waits for the lock, the others for the first
                results.add(store.appendAsync(append("a" + i % 7, i % 20 == 13 ? TOO_MUCH : i)));
            }
            lock.commit();
        }
        for (int i = 0; i < 60; i++) {
            if (i % 20 == 13) {
                assertThatThrownBy(results.get(i)::join).hasCauseInstanceOf(StoreException.Unavailable.class);
            } else {
                assertThat(results.get(i).join().repeated()).isFalse();
            }
        }
        assertThat(store.head()).isEqualTo(57);
        Accounts.checkDense(store);
        checkExact(store);
    }

    @Test
    void a_handler_that_hides_a_failed_statement_does_not_lose_an_append_that_was_called_durable() throws Exception {
        PostgresEventStore store =
                keep(PostgresEventStore.open(pool, PostgresOptions.defaults(), List.of(Accounts.hiding())));
        assertThatThrownBy(() -> store.append(append("a", TOO_MUCH)))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("failed and was passed over");
        store.append(append("a", 1));
        assertThat(store.head()).isEqualTo(1);
        assertThat(Accounts.number(pool, "SELECT count(*) FROM hidden")).isEqualTo(1);
    }

    @Test
    void a_handler_cannot_end_the_transaction_of_the_append() throws Exception {
        PostgresEventStore store =
                keep(PostgresEventStore.open(pool, PostgresOptions.defaults(), List.of(Accounts.committing())));
        assertThatThrownBy(() -> store.append(append("a", 1))).hasMessageContaining("commit is refused");
        assertThat(store.head()).isZero();
    }

    @Test
    void the_work_of_a_transaction_sees_its_effect_and_others_do_not_until_the_commit() throws Exception {
        PostgresEventStore store = inline();
        store.append(append("a", 1));
        assertThatThrownBy(() -> store.transaction(tx -> {
                    tx.append(append("a", 2));
                    tx.append(append("a", 3));
                    try (Statement statement = tx.connection().createStatement();
                            var row = statement.executeQuery("SELECT total FROM totals WHERE account = 'a'")) {
                        row.next();
                        assertThat(row.getLong(1)).isEqualTo(6);
                    }
                    assertThat(Accounts.totals(pool)).isEqualTo(Map.of("a", 1L));
                    throw new IOException("no");
                }))
                .isInstanceOf(IOException.class);
        checkExact(store);
        store.transaction(tx -> {
            tx.append(append("b", 2));
            return tx.append(append("a", 3));
        });
        assertThat(Accounts.balances(pool)).isEqualTo(Map.of("a", 4L, "b", 2L));
        checkExact(store);
    }

    @Test
    void a_failing_handler_fails_the_transaction_whatever_the_work_does() throws Exception {
        PostgresEventStore store = inline();
        assertThatThrownBy(() -> store.transaction(tx -> {
                    tx.append(append("a", 2));
                    assertThatThrownBy(() -> tx.append(append("a", TOO_MUCH)))
                            .isInstanceOf(StoreException.Unavailable.class)
                            .hasMessageContaining("too much for a");
                    return "done";
                }))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("too much for a");
        assertThat(store.head()).isZero();
        checkExact(store);
    }

    @Test
    @Tag("slow")
    void a_new_projection_catches_up_with_the_log_before_it_is_inline() throws Exception {
        try (PostgresEventStore before = PostgresEventStore.open(pool)) {
            fill(before, 3_000);
        }
        PostgresEventStore store = inline();
        checkExact(store);
        store.append(append("a", 1));
        checkExact(store);
    }

    @Tag("slow")
    @Test
    void what_a_process_appends_that_does_not_know_the_projection_is_caught_up_with_by_the_next_append()
            throws Exception {
        PostgresEventStore store = inline();
        PostgresEventStore other = keep(PostgresEventStore.open(pool));
        store.append(append("a", 1));
        fill(other, 2_500);
        assertThat(readers.models().position("balances")).isEqualTo(1);
        store.append(append("a", 1));
        checkExact(store);
        fill(other, 10);
        store.append(StreamId.of("other-1"), 0, List.of(Event.of("Audited", Data.json("{}"))));
        checkExact(store);
        fill(other, 10);
        store.transaction(tx -> tx.append(append("a", 1)));
        checkExact(store);
    }

    @Test
    @Tag("slow")
    void an_append_is_refused_that_would_have_to_catch_up_with_very_much() throws Exception {
        PostgresEventStore store = inline();
        store.append(append("a", 1));
        try (PostgresEventStore other = PostgresEventStore.open(pool)) {
            fill(other, 10_100);
        }
        long head = store.head();
        assertThatThrownBy(() -> store.append(append("a", 1)))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasCauseInstanceOf(ReadModelException.Behind.class)
                .hasMessageContaining("stands at position 1 and the log ends at " + head)
                .hasMessageContaining("ReadDatabase.run");
        assertThat(store.head()).isEqualTo(head);
        PostgresEventStore again = inline();
        checkExact(again);
        store.append(append("a", 1));
        checkExact(store);
    }

    @Test
    void an_event_of_others_that_a_handler_fails_at_refuses_appends_until_it_is_mended() throws Exception {
        PostgresEventStore store = inline();
        try (PostgresEventStore other = PostgresEventStore.open(pool)) {
            other.append(append("a", TOO_MUCH));
        }
        assertThatThrownBy(() -> store.append(append("b", 1)))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("too much for a");
        assertThat(store.head()).isEqualTo(1);
    }

    @Test
    @Tag("slow")
    void appends_whose_backends_are_killed_leave_the_read_models_exact() throws Exception {
        PostgresEventStore store = inline();
        Thread killer = Thread.ofPlatform().start(() -> killWriters(40));
        for (int i = 0; killer.isAlive() || i < 200; i++) {
            store.append(append("a" + i % 5, i % 100));
        }
        killer.join();
        Accounts.checkDense(store);
        checkExact(store);
    }

    @Test
    @Tag("slow")
    void appends_and_transactions_of_many_threads_and_two_stores_leave_the_read_models_exact() throws Exception {
        int threads = 8;
        int rounds = 30;
        PostgresEventStore one = inline();
        PostgresEventStore two = inline();
        List<Thread> workers = new ArrayList<>();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        Accounts.execute(pool, "CREATE TABLE done (name text PRIMARY KEY)");
        for (int t = 0; t < threads; t++) {
            int number = t;
            PostgresEventStore store = t % 2 == 0 ? one : two;
            workers.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int round = 0; round < rounds; round++) {
                        work(store, number, round);
                    }
                } catch (Throwable e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        assertThat(failures).isEmpty();
        Accounts.checkDense(one);
        checkExact(one);
        assertThat(one.head())
                .isEqualTo(Accounts.number(pool, "SELECT 2 * count(*) FROM done") + threads / 2L * rounds);
    }

    /** Half of the threads run transactions, of which every third one rolls back; the others append. */
    private static void work(PostgresEventStore store, int thread, int round) throws SQLException {
        String account = "a" + round % 4;
        if (thread / 2 % 2 == 0) {
            store.append(append(account, round));
            return;
        }
        try {
            store.transaction(tx -> {
                TestServer.execute(tx.connection(), "INSERT INTO done VALUES ('" + thread + "/" + round + "')");
                tx.append(append(account, 1));
                tx.append(append("t" + thread, 1));
                if (round % 3 == 0) {
                    throw new SQLException("no");
                }
                return 0;
            });
        } catch (SQLException e) {
            assertThat(e.getMessage()).isEqualTo("no");
        }
    }

    @Test
    void projections_that_do_not_fit_are_refused_at_once() throws Exception {
        assertThatThrownBy(() -> open(Accounts.balances(1, 1), Accounts.balances(2, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two inline projections have the name balances");
        SqlProjection late = Accounts.lookingInto("balances");
        assertThatThrownBy(() -> open(late, Accounts.balances(1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name it before");
        inline().close();
        assertThatThrownBy(() -> open(Accounts.otherTotals()))
                .isInstanceOf(ReadModelException.DeclarationChanged.class)
                .hasMessageContaining("projectionVersion 2");
    }

    @Test
    void an_input_is_filled_before_the_projection_that_looks_into_it() throws Exception {
        PostgresEventStore store = open(Accounts.totals(), Accounts.lookingInto("totals"));
        store.append(append("a", 2));
        store.append(append("a", 3));
        assertThat(Accounts.number(pool, "SELECT max(total) FROM seen")).isEqualTo(5);
    }

    private PostgresEventStore inline() throws InterruptedException {
        return open(Accounts.balances(1, 1), Accounts.totals());
    }

    private PostgresEventStore open(JdbcProjection... projections) throws InterruptedException {
        return keep(PostgresEventStore.open(pool, PostgresOptions.defaults(), List.of(projections)));
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        open.add(closeable);
        return closeable;
    }

    static void fill(PostgresEventStore store, int events) {
        List<Event> deposits = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            deposits.add(deposit("f" + i % 11, i % 1_000));
        }
        store.append(append("filled", deposits));
    }

    private void killWriters(int times) {
        try {
            for (int i = 0; i < times; i++) {
                Accounts.execute(
                        pool,
                        "SELECT count(pg_terminate_backend(pid, 1000)) FROM pg_stat_activity"
                                + " WHERE pid <> pg_backend_pid() AND (state = 'idle in transaction'"
                                + " OR query LIKE '%leftfold_build%')");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void checkExact(PostgresEventStore store) throws SQLException {
        Map<String, Long> folded = Accounts.folded(store);
        assertThat(Accounts.balances(pool)).isEqualTo(folded);
        assertThat(Accounts.totals(pool)).isEqualTo(folded);
        assertThat(readers.models().position("balances")).isEqualTo(store.head());
        assertThat(readers.models().position("totals")).isEqualTo(store.head());
    }
}
