// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Restoring, as a copy does, while somebody else holds the log. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class BusyRestoreTest {
    @Test
    void while_somebody_keeps_the_lock_restoring_is_given_up_as_an_append_is() throws Exception {
        RecordedEvent event =
                new RecordedEvent(1, StreamId.of("order-1"), 1, Instant.EPOCH, Event.of("Placed", Data.json("{}")));
        try (HikariDataSource pool = TestServer.newSchema();
                PostgresEventStore store =
                        PostgresEventStore.open(pool, PostgresOptions.defaults().withTimeout(Duration.ofSeconds(1)));
                Connection lock = TestServer.source(pool.getSchema()).getConnection()) {
            lock.setAutoCommit(false);
            TestServer.execute(lock, "SELECT 1 FROM leftfold_log FOR UPDATE");
            CompletableFuture<Void> restoring = CompletableFuture.runAsync(() -> store.restore(List.of(event)));

            assertThat(restoring)
                    .failsWithin(Duration.ofSeconds(15))
                    .withThrowableThat()
                    .withCauseInstanceOf(StoreException.Unavailable.class);
            lock.rollback();
        }
    }
}
