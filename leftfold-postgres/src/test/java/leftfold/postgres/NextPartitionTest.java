// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The next partition when it is needed. */
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
    private PGSimpleDataSource fill(int taken, String rights) throws SQLException {
        TestServer.makePartitionsOf(256, pool);
        PostgresEventStore.open(pool).close();
        String role = "role_" + schema;
        TestServer.RUNNING.execute("CREATE ROLE " + role + " LOGIN");
        TestServer.RUNNING.execute("GRANT USAGE ON SCHEMA " + schema + " TO " + role);
        TestServer.RUNNING.execute("GRANT " + rights + " ON ALL TABLES IN SCHEMA " + schema + " TO " + role);
        PGSimpleDataSource source = TestServer.source(schema);
        source.setUser(role);
        try (PostgresEventStore store = PostgresEventStore.open(source)) {
            store.append(STREAM, 0, events(taken));
        }
        return source;
    }

    @Test
    void appends_go_on_once_the_next_partition_can_be_made() throws SQLException {
        PGSimpleDataSource role = fill(200, "SELECT, INSERT, UPDATE");
        try (PostgresEventStore store = PostgresEventStore.open(role)) {
            store.append(STREAM, 200, events(56));
            assertThatThrownBy(() -> store.append(STREAM, 256, events(1)))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("a role that owns leftfold_events and may create tables in its schema");
            TestServer.RUNNING.execute("GRANT CREATE ON SCHEMA " + schema + " TO role_" + schema);
            TestServer.RUNNING.execute("ALTER TABLE " + schema + ".leftfold_events OWNER TO role_" + schema);

            assertThat(store.append(STREAM, 256, events(1)).position()).isEqualTo(257);
        }
    }

    @Test
    void a_transaction_that_fails_for_want_of_a_partition_has_it_made_for_the_next_one() throws SQLException {
        PGSimpleDataSource role = fill(200, "SELECT, INSERT, UPDATE");
        try (PostgresEventStore store = PostgresEventStore.open(role)) {
            store.transaction(tx -> tx.append(STREAM, 200, events(56)));
            TestServer.RUNNING.execute("GRANT CREATE ON SCHEMA " + schema + " TO role_" + schema);
            TestServer.RUNNING.execute("ALTER TABLE " + schema + ".leftfold_events OWNER TO role_" + schema);
            assertThatThrownBy(() -> store.transaction(tx -> tx.append(STREAM, 256, events(1))))
                    .isInstanceOf(StoreException.Unavailable.class);

            assertThat(store.transaction(tx -> tx.append(STREAM, 256, events(1)))
                            .position())
                    .isEqualTo(257);
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
}
