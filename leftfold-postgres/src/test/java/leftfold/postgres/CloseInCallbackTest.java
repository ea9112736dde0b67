// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** A store that is closed by what hangs on an append, and so on the writer's own thread. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class CloseInCallbackTest {
    @Test
    void closing_does_not_wait_for_itself_but_for_other_appends() throws Exception {
        try (HikariDataSource pool = TestServer.newSchema()) {
            PostgresEventStore store = PostgresEventStore.open(pool);
            CompletableFuture<Void> closed;
            CompletableFuture<AppendResult> other;
            try (Connection lock = pool.getConnection()) {
                lock.setAutoCommit(false);
                TestServer.execute(lock, "SELECT 1 FROM leftfold_log FOR UPDATE");
                closed = store.appendAsync(placed("order-1")).thenRun(store::close);
                other = store.appendAsync(placed("order-2"));
                lock.commit();
            }

            assertThat(closed).succeedsWithin(10, TimeUnit.SECONDS);
            assertThat(other).succeedsWithin(10, TimeUnit.SECONDS);
            assertThatThrownBy(() -> store.append(placed("order-3"))).isInstanceOf(IllegalStateException.class);
        }
    }

    private static Append placed(String stream) {
        return new Append(
                List.of(new StreamWrite(StreamId.of(stream), List.of(Event.of("Placed", Data.json("{}"))))), List.of());
    }
}
