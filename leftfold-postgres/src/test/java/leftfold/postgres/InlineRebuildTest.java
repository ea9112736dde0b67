// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static leftfold.postgres.Accounts.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leftfold.jdbc.JdbcProjection;
import leftfold.jdbc.ReadDatabase;
import leftfold.jdbc.ReadModels;
import leftfold.jdbc.Rebuild;
import leftfold.subscription.Follower;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Other builds, versions and runners beside inline projections. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Tag("slow")
class InlineRebuildTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final HikariDataSource pool = TestServer.newSchema();
    private final ReadDatabase readers = new ReadDatabase(pool);
    private final ReadModels models = readers.models();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        pool.close();
    }

    @Test
    void a_rebuild_ends_exact_while_appends_go_on_all_the_time() throws Exception {
        PostgresEventStore store = open(Accounts.balances(1, 1), Accounts.totals());
        InlineProjectionTest.fill(store, 2_000);
        Accounts.execute(pool, "UPDATE totals_v1 SET total = -1");
        Accounts.execute(pool, "UPDATE balances_v1 SET document = '-1'");
        try (Traffic traffic = new Traffic(store);
                Rebuild rebuild = readers.rebuild(store, List.of(Accounts.balances(1, 1), Accounts.totals()))) {
            traffic.awaitMore(20);
            assertThat(store.await(rebuild, LONG))
                    .as(() -> rebuild.status().toString())
                    .isTrue();
            traffic.awaitMore(20); // beside the rebuild's followers, which go on until it is closed
        }
        store.append(append("a", 1));
        checkExact(store);
        assertThat(models.dropOld("totals")).containsExactly("totals-v1");
        store.append(append("a", 1));
        checkExact(store);
    }

    @Test
    void a_rebuild_by_a_process_that_knows_nothing_of_inline_ends_exact_too() throws Exception {
        PostgresEventStore store = open(Accounts.balances(1, 1), Accounts.totals());
        PostgresEventStore other = keep(PostgresEventStore.open(pool));
        InlineProjectionTest.fill(store, 2_000);
        for (int i = 0; i < 3; i++) {
            try (Rebuild rebuild = readers.rebuild(other, List.of(Accounts.totals()))) {
                do {
                    store.append(append("a" + i, 1));
                } while (!rebuild.await(Duration.ofMillis(50)));
                store.append(append("a", 1));
            }
            checkExact(store);
        }
        assertThat(models.status(store))
                .extracting(status -> status.state().name())
                .containsExactlyInAnyOrder("LIVE", "LIVE", "KEPT", "KEPT", "KEPT");
    }

    @Test
    void a_rebuild_does_not_go_on_for_ever_where_a_reader_is_in_the_way_and_appends_go_on() throws Exception {
        PostgresEventStore store = open(Accounts.totals());
        store.append(append("a", 1));
        try (var reader = pool.getConnection();
                Rebuild rebuild = readers.rebuild(store, List.of(Accounts.totals()))) {
            reader.setAutoCommit(false);
            TestServer.execute(reader, "SELECT * FROM totals");
            assertThat(store.await(rebuild, Duration.ofSeconds(2))).isFalse();
            store.append(append("a", 1));
            assertThat(Accounts.totals(pool)).isEqualTo(Map.of("a", 2L));
            reader.commit();
            assertThat(store.await(rebuild, LONG)).isTrue();
        }
        store.append(append("a", 1));
        assertThat(Accounts.totals(pool)).isEqualTo(Map.of("a", 3L));
    }

    @Test
    void an_asynchronous_runner_of_the_same_projection_does_no_harm() throws Exception {
        PostgresEventStore store = open(Accounts.balances(1, 1), Accounts.totals());
        PostgresEventStore other = keep(PostgresEventStore.open(pool));
        try (Follower runner = readers.run(other, Accounts.totals())) {
            assertThat(runner.await(0, LONG)).isTrue();
            for (int i = 0; i < 200; i++) {
                (i % 10 == 0 ? other : store).append(append("a" + i % 3, i));
            }
            long last = other.append(append("a", 1)).position();
            assertThat(models.await("totals", last, LONG)).isTrue();
            assertThat(Accounts.totals(pool)).isEqualTo(Accounts.folded(store));
            assertThat(models.status(store))
                    .allSatisfy(status -> assertThat(status.failure()).isNull());
        }
        store.append(append("a", 1));
        checkExact(store);
    }

    @Test
    void processes_of_two_versions_append_beside_each_other() throws Exception {
        PostgresEventStore old = open(Accounts.balances(1, 1));
        old.append(append("a", 1));
        PostgresEventStore anew = open(Accounts.balances(2, 10));
        assertThat(Accounts.balances(pool)).isEqualTo(Map.of("a", 10L));
        old.append(append("a", 2));
        anew.append(append("a", 3));
        assertThat(Accounts.balances(pool)).isEqualTo(Map.of("a", 60L));

        models.rollback(anew, "balances");
        anew.append(append("a", 4));
        old.append(append("a", 5));
        assertThat(Accounts.balances(pool)).isEqualTo(Map.of("a", 15L));
    }

    @Test
    void a_read_model_that_somebody_dropped_refuses_appends_until_the_store_is_opened_again() throws Exception {
        PostgresEventStore store = open(Accounts.totals());
        store.append(append("a", 1));
        Accounts.execute(pool, "DROP VIEW totals, deposits");
        Accounts.execute(pool, "DROP TABLE totals_v1, deposits_v1");
        Accounts.execute(pool, "DELETE FROM leftfold_build");
        assertThatThrownBy(() -> store.append(append("a", 1))).hasMessageContaining("open the store again");
        assertThat(store.head()).isEqualTo(1);
        open(Accounts.totals()).append(append("a", 1));
        assertThat(Accounts.totals(pool)).isEqualTo(Map.of("a", 2L));
    }

    private PostgresEventStore open(JdbcProjection... projections) throws InterruptedException {
        return keep(PostgresEventStore.open(pool, PostgresOptions.defaults(), List.of(projections)));
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        open.add(closeable);
        return closeable;
    }

    private void checkExact(PostgresEventStore store) throws SQLException {
        Map<String, Long> folded = new TreeMap<>(Accounts.folded(store));
        assertThat(Accounts.balances(pool)).isEqualTo(folded);
        assertThat(Accounts.totals(pool)).isEqualTo(folded);
        assertThat(models.position("totals")).isEqualTo(store.head());
    }
}
