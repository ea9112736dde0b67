// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import leftfold.store.Direction;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What appends are told whose connection is cut at any moment. */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES) // what would fail often hangs instead
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class LostConnectionTest {
    private static final int WRITERS = 16;
    private static final int KILLS = 60;

    private final HikariDataSource pool = TestServer.newSchema();
    private final PostgresEventStore store = PostgresEventStore.open(pool);

    @AfterEach
    void close_the_store() {
        store.close();
        pool.close();
    }

    @Test
    void whenever_the_appending_connection_is_cut_every_append_is_told_the_truth() throws Exception {
        AtomicInteger killed = new AtomicInteger();
        Crowd<Integer> killer = new Crowd<Integer>().add(() -> kill(killed));
        List<AcknowledgedWriter> writers = new Crowd<AcknowledgedWriter>()
                .add(WRITERS, i -> new AcknowledgedWriter(store, i, () -> killed.get() < KILLS))
                .join();
        killer.join();

        check(store, writers);
    }

    /** Asserts that the log holds what the writers know to be there, once and in order, and nothing else. */
    static void check(PostgresEventStore store, List<AcknowledgedWriter> writers) {
        int events = 0;
        for (AcknowledgedWriter writer : writers) {
            List<UUID> ids = store.readStream(writer.stream())
                    .map(event -> event.event().id())
                    .toList();
            assertThat(ids).isNotEmpty().isEqualTo(writer.there());
            events += ids.size();
        }
        List<RecordedEvent> log =
                store.read(Query.all(), 0, Direction.FORWARDS, Long.MAX_VALUE).toList();
        assertThat(log).hasSize(events);
        assertThat(log.getLast().position()).isEqualTo(events);
    }

    /** Kills the connection that is appending, as often as it takes, and returns how often. */
    private int kill(AtomicInteger killed) throws SQLException {
        String sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '"
                + pool.getSchema() + "' AND state = 'active' AND query LIKE '%leftfold_append%'";
        try (Connection connection = TestServer.source("public").getConnection();
                Statement statement = connection.createStatement()) {
            while (killed.get() < KILLS) {
                try (ResultSet row = statement.executeQuery(sql)) {
                    if (row.next()) {
                        killed.incrementAndGet();
                        LockSupport.parkNanos(20_000_000);
                    }
                }
            }
        }
        return killed.get();
    }
}
