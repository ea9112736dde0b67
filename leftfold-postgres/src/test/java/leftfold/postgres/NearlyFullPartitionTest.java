// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A log whose last partition is nearly full, opened by a role that cannot make the next one, and need not yet. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class NearlyFullPartitionTest {
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
    void a_role_that_may_only_read_opens_a_log_whose_last_partition_is_nearly_full() throws SQLException {
        PGSimpleDataSource role = fill(240, "SELECT, INSERT, UPDATE");
        TestServer.RUNNING.execute("REVOKE INSERT, UPDATE ON ALL TABLES IN SCHEMA " + schema + " FROM role_" + schema);

        try (PostgresEventStore reader = PostgresEventStore.open(role)) {
            assertThat(reader.head()).isEqualTo(240);
        }
    }

    @Test
    void a_role_that_may_append_opens_a_log_whose_last_partition_is_nearly_full() throws SQLException {
        PGSimpleDataSource role = fill(240, "SELECT, INSERT, UPDATE");

        try (PostgresEventStore store = PostgresEventStore.open(role)) {
            assertThat(store.append(STREAM, 240, events(1)).position()).isEqualTo(241);
        }
    }
}
