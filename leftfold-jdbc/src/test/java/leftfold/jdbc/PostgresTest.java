// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static leftfold.jdbc.Workplace.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import leftfold.jdbc.Movement.Deposited;
import leftfold.projection.FailurePolicy;
import leftfold.subscription.Follower;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** What only PostgreSQL has: many writers, locks of readers, views upon views, pools. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PostgresTest {
    @TempDir
    Path folder;

    private Workplace here;

    @BeforeEach
    void open() {
        here = new Workplace(TestDatabase.POSTGRES, folder);
    }

    @AfterEach
    void end() throws Exception {
        here.close();
    }

    @Test
    @Tag("slow")
    void a_runner_that_stands_still_inside_its_transaction_is_replaced_too() throws Exception {
        Pauses.whileOneStandsStill(here, Faults::after);
    }

    @Test
    void asking_what_there_is_makes_no_tables() throws Exception {
        assertThat(here.models().status(here.store)).isEmpty();
        assertThat(here.models().await("totals", 0, Duration.ZERO)).isFalse();
        assertThat(TestDatabase.POSTGRES.names(here.database)).isEmpty();
    }

    @Test
    void a_failure_is_said_in_one_line() {
        SQLException failure = new SQLException("ERROR: permission denied for schema public\n  Position: 28");

        assertThat(new DatabaseException("cannot read", failure))
                .hasMessage("cannot read: ERROR: permission denied for schema public");
    }

    @Test
    void views_upon_a_read_model_outlive_a_rebuild_and_show_the_new_build() throws Exception {
        long last = new Bank(1).append(here.store, 50);
        assertThat(here.run(Models.totals(1)).await(last, LONG)).isTrue();
        here.execute("CREATE VIEW mine AS SELECT account, total FROM totals");
        here.execute("UPDATE totals_v1 SET total = 0");
        assertThat(here.rebuild(Models.totals(1)).await(LONG)).isTrue();
        assertThat(Models.totals(here.database, "mine")).isEqualTo(Models.totalsAt(here.store, last));
    }

    @Test
    void a_reader_with_a_long_transaction_is_waited_for_and_not_broken_off() throws Exception {
        long last = new Bank(2).append(here.store, 50);
        assertThat(here.run(Models.totals(1)).await(last, LONG)).isTrue();
        Rebuild rebuild;
        try (Connection reader = here.database.getConnection()) {
            reader.setAutoCommit(false);
            long before = Sql.number(reader, "SELECT COUNT(*) FROM totals");
            rebuild = here.rebuild(Models.totals(1));
            Workplace.until(() -> rebuild.status().getFirst().position() == last);
            assertThat(Sql.number(reader, "SELECT COUNT(*) FROM totals")).isEqualTo(before);
            assertThat(rebuild.shown()).isFalse();
            reader.commit();
        }
        assertThat(rebuild.await(LONG)).isTrue();
    }

    @Test
    void a_pool_needs_a_connection_for_each_projection_and_two() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(here.database);
        config.setMaximumPoolSize(4);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            ReadDatabase door = here.door(pool);
            long last = new Bank(3).append(here.store, 300);
            try (Follower totals = door.run(here.store, Models.totals(1));
                    Follower balances = door.run(here.store, Workplace.balances(1))) {
                assertThat(totals.await(last, LONG)).isTrue();
                assertThat(balances.await(last, LONG)).isTrue();
                assertThat(door.models().status(here.store)).hasSize(2);
            }
            try (Rebuild rebuild = door.rebuild(here.store, List.of(Models.totals(1), Workplace.balances(1)))) {
                assertThat(rebuild.await(LONG)).isTrue();
            }
            assertThat(Models.totals(pool, "totals")).isEqualTo(Models.totalsAt(here.store, last));
        }
    }

    @Test
    void a_failed_statement_that_a_handler_passes_over_stops_the_projection_at_its_event() throws Exception {
        here.deposit("ann", 1);
        here.deposit("bob", 13);
        here.deposit("cid", 2);
        Follower follower = here.run(hiding(FailurePolicy.STOP));
        assertThat(Workplace.failure(follower)).hasMessageContaining("failed and was passed over");
        assertThat(follower.status().toString()).contains("position 2 (");
        assertThat(Models.position(here.database, "hiding-v1")).isEqualTo(1);
        assertThat(here.number("SELECT SUM(amount) FROM hiding_v1")).isEqualTo(1);
    }

    @Test
    void an_event_whose_failed_statement_was_passed_over_is_parked_and_tried_again() throws Exception {
        here.deposit("ann", 1);
        here.deposit("bob", 13);
        long last = here.deposit("cid", 2);
        assertThat(here.run(hiding(FailurePolicy.PARK)).await(last, LONG)).isTrue();
        assertThat(here.number("SELECT SUM(amount) FROM hiding")).isEqualTo(3);
        assertThat(here.models().deadLetters("hiding"))
                .extracting(DeadLetter::position)
                .containsExactly(2L);
        assertThat(here.models().retry("hiding", 2)).isTrue();
        Workplace.until(() -> !here.models().deadLetters("hiding").getFirst().retrying());
        assertThat(here.number("SELECT SUM(amount) FROM hiding")).isEqualTo(3);
    }

    @Test
    void a_step_that_passes_over_a_failed_statement_leaves_no_half_made_tables() throws Exception {
        SqlProjection half = SqlProjection.<Movement>declare("half", 1, Movement.CODEC)
                .table("half", "id BIGINT")
                .create(sql -> passOver(() -> sql.update("CREATE INDEX " + sql.table("half") + " ON nothing (id)")))
                .on(Deposited.class, (sql, deposit) -> {})
                .build();
        assertThat(Workplace.failure(here.run(half))).hasMessageContaining("failed and was passed over");
        assertThat(TestDatabase.POSTGRES.names(here.database)).doesNotContain("half_v1");
    }

    @Test
    void a_transaction_that_its_own_statements_end_is_not_called_committed() throws Exception {
        try (Connection connection = here.database.getConnection()) {
            assertThatThrownBy(() -> Sql.inTransaction(connection, () -> {
                        Sql.execute(connection, "CREATE TABLE gone (id BIGINT)");
                        Sql.execute(connection, "ROLLBACK");
                    }))
                    .hasMessageContaining("ended by a statement of its own");
        }
        assertThat(TestDatabase.POSTGRES.names(here.database)).doesNotContain("gone");
    }

    @Test
    void a_server_that_only_reads_for_a_while_as_after_a_failover_is_waited_for() throws Exception {
        PGSimpleDataSource moving = (PGSimpleDataSource) TestDatabase.at(TestDatabase.POSTGRES.address(here.database));
        moving.setApplicationName("moving");
        Follower follower = here.keep(here.door(moving).run(here.store, Models.totals(1)));
        assertThat(follower.await(here.deposit("ann", 1), LONG)).isTrue();
        moving.setOptions("-c default_transaction_read_only=on");
        here.number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'moving'");
        long last = here.deposit("ann", 2);
        Workplace.until(() -> follower.status().toString().contains("read-only transaction"));
        moving.setOptions(null);
        assertThat(follower.await(last, LONG)).isTrue();
        assertThat(Models.totals(here.database, "totals")).containsExactly(entry("ann", 3L));
    }

    @Test
    void a_batch_that_took_longer_than_the_sessions_transactions_may_is_tried_again() throws Exception {
        PGSimpleDataSource hasty = (PGSimpleDataSource) TestDatabase.at(TestDatabase.POSTGRES.address(here.database));
        hasty.setOptions("-c transaction_timeout=500");
        Follower follower = here.keep(here.door(hasty).run(here.store, Models.totals(1)));
        assertThat(follower.await(here.deposit("ann", 1), LONG)).isTrue();
        long last;
        try (Connection reader = here.database.getConnection()) {
            reader.setAutoCommit(false);
            Sql.execute(reader, "LOCK TABLE totals_v1");
            last = here.deposit("ann", 2);
            Workplace.until(() -> follower.status().toString().contains("transaction timeout"));
            reader.rollback();
        }
        assertThat(follower.await(last, LONG)).isTrue();
        assertThat(Models.totals(here.database, "totals")).containsExactly(entry("ann", 3L));
    }

    /** Returns a projection whose handler passes over a statement that fails at deposits of 13. */
    private static SqlProjection hiding(FailurePolicy policy) {
        return SqlProjection.<Movement>declare("hiding", 1, Movement.CODEC)
                .table("hiding", "amount BIGINT NOT NULL")
                .on(Deposited.class, (sql, deposit) -> {
                    long amount = deposit.event().amount();
                    sql.update("INSERT INTO " + sql.table("hiding") + " VALUES (?)", amount);
                    passOver(() -> sql.update("DELETE FROM " + sql.table("hiding") + " WHERE 1 / ? = 2", amount - 13));
                })
                .onFailure(policy)
                .build();
    }

    private interface Statement {
        void run() throws SQLException;
    }

    private static void passOver(Statement statement) {
        try {
            statement.run();
        } catch (SQLException e) {
            return; // which is wrong
        }
    }
}
