// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import javax.sql.DataSource;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Databases that are not as a store would like them. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class BadDatabaseTest {
    private static final StreamId STREAM = StreamId.of("order-1");

    private final HikariDataSource pool = TestServer.newSchema();
    private final String schema = pool.getSchema();

    @AfterEach
    void close_the_pool() {
        pool.close();
    }

    private static List<Event> event() {
        return List.of(Event.of("Placed", Data.json("{}")));
    }

    @Test
    void a_role_that_may_not_create_tables_is_told_to_open_once_as_one_that_may() {
        assertThatThrownBy(() -> PostgresEventStore.open(TestServer.role(schema)))
                .isInstanceOf(StoreException.CannotOpen.class)
                .hasMessageContaining("permission denied for schema " + schema)
                .hasMessageContaining("open it once as a role that may create them")
                .hasMessageNotContaining("\n");
    }

    @Test
    void a_schema_that_is_not_there_is_said_so() {
        assertThatThrownBy(() -> PostgresEventStore.open(TestServer.source("nowhere")))
                .isInstanceOf(StoreException.CannotOpen.class)
                .hasMessageContaining("no schema has been selected to create in")
                .hasMessageContaining("which is to exist");
    }

    @Test
    void a_role_that_may_only_read_reads_and_its_appends_are_refused() {
        try (PostgresEventStore writer = PostgresEventStore.open(pool)) {
            writer.append(STREAM, 0, event());
        }
        PGSimpleDataSource role = TestServer.role(schema, "SELECT ON ALL TABLES");
        try (PostgresEventStore reader = PostgresEventStore.open(role)) {
            assertThat(reader.readStream(STREAM)).hasSize(1);
            assertThatThrownBy(() -> reader.append(STREAM, 1, event()))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("grant the role SELECT, INSERT and UPDATE on Leftfold's tables");
            assertThat(reader.streamVersion(STREAM)).isEqualTo(1);
        }
    }

    private DataSource with(String setting) {
        PGSimpleDataSource source = TestServer.source(schema);
        source.setOptions("-c " + setting);
        return source;
    }

    @ParameterizedTest
    @ValueSource(strings = {"repeatable\\ read", "serializable"})
    void whatever_isolation_is_the_default_appends_see_what_was_committed_before_them(String isolation) {
        DataSource strict = with("default_transaction_isolation=" + isolation);
        try (PostgresEventStore one = PostgresEventStore.open(strict);
                PostgresEventStore other = PostgresEventStore.open(strict)) {
            assertThat(one.append(STREAM, 0, event()).version()).isEqualTo(1);
            assertThat(other.append(STREAM, 1, event()).version()).isEqualTo(2);
            assertThatThrownBy(() -> one.append(STREAM, 1, event())).isInstanceOf(StoreException.Conflict.class);
        }
    }

    @Test
    void a_pool_that_does_not_commit_by_itself_is_good_enough() {
        try (HikariDataSource manual = TestServer.pool(schema)) {
            manual.setAutoCommit(false);
            try (PostgresEventStore store = PostgresEventStore.open(manual)) {
                store.append(STREAM, 0, event());
            }
        }
        try (PostgresEventStore again = PostgresEventStore.open(TestServer.source(schema))) {
            assertThat(again.streamVersion(STREAM)).isEqualTo(1);
        }
    }

    @Test
    void a_location_that_stands_for_several_servers_in_turns_is_refused() {
        assertThatThrownBy(() ->
                        new PostgresStoreProvider().open("jdbc:postgresql://one,two/app?user=me&loadBalanceHosts=true"))
                .isInstanceOf(StoreException.CannotOpen.class)
                .hasMessageContaining("several servers");
    }

    @Test
    void an_older_schema_is_brought_up_to_date() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            TestServer.execute(
                    connection,
                    "CREATE TABLE leftfold_migrations"
                            + " (number int PRIMARY KEY, name text NOT NULL,"
                            + " applied timestamptz NOT NULL DEFAULT now())");
        }
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            assertThat(store.append(STREAM, 0, event()).position()).isEqualTo(1);
        }
    }

    @Test
    void a_newer_schema_is_refused() throws SQLException {
        PostgresEventStore.open(pool).close();
        try (Connection connection = pool.getConnection()) {
            TestServer.execute(connection, "INSERT INTO leftfold_migrations VALUES (999, '999_later.sql')");
        }
        assertThatThrownBy(() -> PostgresEventStore.open(pool))
                .isInstanceOf(StoreException.CannotOpen.class)
                .hasMessageContaining("a newer Leftfold (999")
                .hasMessageContaining("update the program");
    }

    @Test
    void eight_that_open_an_empty_schema_at_once_find_one_log() throws InterruptedException {
        CyclicBarrier start = new CyclicBarrier(8);
        Set<UUID> logs = new HashSet<>(new Crowd<UUID>()
                .add(8, i -> () -> {
                    start.await();
                    try (PostgresEventStore store = PostgresEventStore.open(TestServer.source(schema))) {
                        return store.id();
                    }
                })
                .join());

        assertThat(logs).hasSize(1);
    }

    @Test
    void a_database_of_another_encoding_is_refused() {
        TestServer.RUNNING.execute("CREATE DATABASE ascii_" + schema
                + " ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");

        assertThatThrownBy(() -> PostgresEventStore.open(TestServer.RUNNING.database("ascii_" + schema)))
                .isInstanceOf(StoreException.CannotOpen.class)
                .hasMessageContaining("the database's encoding is SQL_ASCII; create one with ENCODING 'UTF8'");
    }
}
