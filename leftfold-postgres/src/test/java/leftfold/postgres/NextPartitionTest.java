// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** The next partition when it is due or missing, whoever may make it, and whoever holds the log. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class NextPartitionTest {
    private static final StreamId STREAM = StreamId.of("order-1");

    private final HikariDataSource pool = TestServer.newSchema();
    private final String schema = pool.getSchema();

    @AfterEach
    void close() {
        pool.close();
    }

    private static List<Event> events(int count) {
        return Stream.generate(() -> Event.of("Counted", Data.json("{}")))
                .limit(count)
                .toList();
    }

    /** Makes a log with one partition of 256 positions, of which so many are taken, and a role without CREATE. */
    private PGSimpleDataSource fill(int taken) throws SQLException {
        TestServer.makePartitionsOf(256, pool);
        PostgresEventStore.open(pool).close();
        PGSimpleDataSource role = TestServer.role(schema, "SELECT, INSERT, UPDATE ON ALL TABLES");
        try (PostgresEventStore store = PostgresEventStore.open(role)) {
            store.append(STREAM, 0, events(taken));
        }
        return role;
    }

    @Test
    void appends_go_on_once_the_next_partition_can_be_made() throws SQLException {
        PGSimpleDataSource role = fill(200);
        try (PostgresEventStore store = PostgresEventStore.open(role)) {
            store.append(STREAM, 200, events(56));
            assertThatThrownBy(() -> store.append(STREAM, 256, events(1)))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("a role that owns leftfold_events and may create tables in its schema");
            TestServer.RUNNING.execute("GRANT CREATE ON SCHEMA " + schema + " TO " + role.getUser());
            TestServer.RUNNING.execute("ALTER TABLE " + schema + ".leftfold_events OWNER TO " + role.getUser());

            assertThat(store.append(STREAM, 256, events(1)).position()).isEqualTo(257);
        }
    }

    @Test
    void a_transaction_that_fails_for_want_of_a_partition_has_it_made_for_the_next_one() throws SQLException {
        PGSimpleDataSource role = fill(200);
        try (PostgresEventStore store = PostgresEventStore.open(role)) {
            store.transaction(tx -> tx.append(STREAM, 200, events(56)));
            TestServer.RUNNING.execute("GRANT CREATE ON SCHEMA " + schema + " TO " + role.getUser());
            TestServer.RUNNING.execute("ALTER TABLE " + schema + ".leftfold_events OWNER TO " + role.getUser());
            assertThatThrownBy(() -> store.transaction(tx -> tx.append(STREAM, 256, events(1))))
                    .isInstanceOf(StoreException.Unavailable.class);

            assertThat(store.transaction(tx -> tx.append(STREAM, 256, events(1)))
                            .position())
                    .isEqualTo(257);
        }
    }

    @Test
    void a_transaction_larger_than_the_room_that_is_left_is_told_to_begin_again_and_then_taken() throws SQLException {
        TestServer.makePartitionsOf(256, pool);
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            Transaction.Work<Long, RuntimeException> large = tx -> {
                tx.append(STREAM, 0, events(200));
                return tx.append(STREAM, 200, events(800)).position();
            };
            assertThatThrownBy(() -> store.transaction(large))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("is made once the transaction has ended: begin it again");

            assertThat(store.transaction(large)).isEqualTo(1_000);
        }
    }

    @Test
    void what_the_work_throws_instead_does_not_keep_the_next_partition_from_being_made() throws SQLException {
        TestServer.makePartitionsOf(256, pool);
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            assertThatThrownBy(() -> store.transaction(tx -> {
                        try {
                            return tx.append(STREAM, 0, events(300));
                        } catch (StoreException e) {
                            throw new UnsupportedOperationException("not today");
                        }
                    }))
                    .isInstanceOf(UnsupportedOperationException.class);

            assertThat(store.transaction(tx -> tx.append(STREAM, 0, events(300)))
                            .position())
                    .isEqualTo(300);
        }
    }

    @Test
    void an_append_larger_than_the_room_that_is_left_is_taken() throws SQLException {
        TestServer.makePartitionsOf(256, pool);
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            assertThat(store.append(STREAM, 0, events(300)).position()).isEqualTo(300);
        }
    }

    @Test
    void one_connection_is_enough_where_the_next_partition_is_due() throws SQLException {
        TestServer.makePartitionsOf(256, pool);
        PostgresEventStore.open(pool).close();
        try (HikariDataSource one = TestServer.pool(schema)) {
            one.setMaximumPoolSize(1);
            one.setConnectionTimeout(1_000);
            try (PostgresEventStore store = PostgresEventStore.open(one)) {
                for (int i = 0; i < 300; i++) {
                    assertThat(store.append(STREAM, i, events(1)).position()).isEqualTo(i + 1);
                }
            }
        }
    }

    @Test
    void a_role_that_may_only_read_opens_a_log_whose_last_partition_is_nearly_full() throws SQLException {
        PGSimpleDataSource role = fill(240);
        TestServer.RUNNING.execute(
                "REVOKE INSERT, UPDATE ON ALL TABLES IN SCHEMA " + schema + " FROM " + role.getUser());

        try (PostgresEventStore reader = PostgresEventStore.open(role)) {
            assertThat(reader.head()).isEqualTo(240);
        }
    }

    @Test
    void a_role_that_may_append_opens_a_log_whose_last_partition_is_nearly_full() throws SQLException {
        PGSimpleDataSource role = fill(240);

        try (PostgresEventStore store = PostgresEventStore.open(role)) {
            assertThat(store.append(STREAM, 240, events(1)).position()).isEqualTo(241);
        }
    }

    @Test
    @Tag("slow")
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void an_append_that_is_committed_is_answered_though_somebody_else_then_holds_the_log() throws Exception {
        TestServer.makePartitionsOf(256, pool);
        PostgresOptions impatient = PostgresOptions.defaults().withTimeout(Duration.ofSeconds(1));
        try (PostgresEventStore store = PostgresEventStore.open(pool, impatient)) {
            store.append(STREAM, 0, events(200));
            try (Connection holder = TestServer.source(schema).getConnection()) {
                holder.setAutoCommit(false);
                // The next in the queue for the log's lock, once the append has committed.
                TestServer.execute(
                        pool,
                        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
                                + " 'BEGIN PERFORM pg_sleep(0.7); RETURN NULL; END';"
                                + "CREATE TRIGGER slow AFTER INSERT ON leftfold_events"
                                + " FOR EACH STATEMENT EXECUTE FUNCTION slow()");
                Crowd<Long> appending = new Crowd<Long>()
                        .add(() -> store.append(STREAM, 200, events(40)).position());
                await("1", "wait_event = 'PgSleep'");
                TestServer.execute(holder, "SELECT 1 FROM leftfold_log FOR UPDATE"); // and it keeps it

                assertThat(appending.join()).containsExactly(240L);
                assertThatThrownBy(() -> store.append(STREAM, 240, events(1)))
                        .isInstanceOf(StoreException.Unavailable.class);
                await("0", "wait_event_type = 'Lock'");
                holder.rollback();
                assertThat(store.append(STREAM, 240, events(20)).position()).isEqualTo(260);
            }
        }
    }

    /** Waits until so many processes that bear the schema's name are in a state. */
    private void await(String processes, String state) {
        String sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + schema + "' AND " + state;
        while (!TestServer.RUNNING.text(sql).equals(processes)) {
            Thread.onSpinWait();
        }
    }
}
