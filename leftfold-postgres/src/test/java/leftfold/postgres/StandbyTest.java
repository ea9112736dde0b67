// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import leftfold.store.Append;
import leftfold.store.AppendCondition.StreamAt;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Synchronous replication to a standby that is away: a server whose wait for it is canceled calls the transaction
 * committed, with a warning. After a failover it would be gone, so it is not acknowledged.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // what would fail often hangs instead
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class StandbyTest {
    private static final StreamId STREAM = StreamId.of("order-1");
    private static final PostgresOptions IMPATIENT = PostgresOptions.defaults().withTimeout(Duration.ofSeconds(2));

    private final PostgresServer server = PostgresServer.start();
    private final HikariDataSource pool = server.newSchema();
    private final PostgresEventStore store = PostgresEventStore.open(pool, IMPATIENT);
    private volatile boolean away = true;

    @BeforeEach
    void have_the_server_wait_for_a_standby_that_is_away() {
        server.execute("ALTER SYSTEM SET synchronous_standby_names = 'away'");
        server.execute("SELECT pg_reload_conf()");
    }

    @AfterEach
    void stop_the_server() {
        store.close();
        pool.close();
        server.close();
    }

    @Test
    void an_append_is_not_acknowledged_that_timed_out_as_it_waited_for_the_standby() {
        AtomicReference<Append> last = new AtomicReference<>();
        assertUnknown(() -> {
            Append append = new Append(
                    List.of(new StreamWrite(STREAM, List.of(event()))),
                    List.of(new StreamAt(STREAM, store.streamVersion(STREAM))));
            last.set(append);
            store.append(append);
        });

        forgetTheStandby();

        assertThat(store.append(Objects.requireNonNull(last.get())).position()).isEqualTo(store.head());
        assertThat(store.streamVersion(STREAM)).isEqualTo(store.head());
    }

    @Test
    void a_transaction_is_not_acknowledged_whose_wait_for_the_standby_was_canceled() {
        CompletableFuture<Void> canceling = CompletableFuture.runAsync(() -> {
            while (away) {
                server.execute("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
            }
        });
        assertUnknown(() -> store.transaction(transaction ->
                transaction.append(new Append(List.of(new StreamWrite(STREAM, List.of(event()))), List.of()))));

        forgetTheStandby();

        canceling.join();
        assertThat(store.streamVersion(STREAM)).isEqualTo(store.head());
    }

    /** The server takes its new settings in some time; what is written before does not wait. */
    private static void assertUnknown(Runnable write) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        assertThatThrownBy(() -> {
                    while (System.nanoTime() < end) {
                        write.run();
                    }
                })
                .isInstanceOf(StoreException.OutcomeUnknown.class)
                .hasMessageContaining("no standby is known to have what was committed");
    }

    private void forgetTheStandby() {
        server.execute("ALTER SYSTEM RESET synchronous_standby_names");
        server.execute("SELECT pg_reload_conf()");
        away = false;
    }

    private static Event event() {
        return Event.of("Placed", Data.json("{}"));
    }
}
