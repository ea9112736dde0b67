// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
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

/** The next partition while somebody else holds the log. */
@Tag("slow")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class BusyPartitionTest {
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

    @Test
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
