// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
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

/** The thread that writes groups, and what callers hang on their results. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class GroupWriterTest {
    private static final int APPENDS = 500;

    @Test
    void who_interrupts_the_writer_stops_no_append() throws Exception {
        try (HikariDataSource pool = TestServer.newSchema();
                PostgresEventStore store = PostgresEventStore.open(pool)) {
            for (int turn = 0; turn < 3; turn++) {
                List<CompletableFuture<AppendResult>> results = new ArrayList<>();
                for (int i = 0; i < APPENDS; i++) {
                    CompletableFuture<AppendResult> result = store.appendAsync(append(i));
                    results.add(result.whenComplete((done, failure) -> interruptWriter()));
                }
                for (CompletableFuture<AppendResult> result : results) {
                    result.get(1, TimeUnit.MINUTES);
                }
            }

            assertThat(store.head()).isEqualTo(3 * APPENDS);
        }
    }

    /** Where the result was there already, this is the test's own thread. */
    private static void interruptWriter() {
        if (Thread.currentThread().getName().equals("leftfold-postgres-writer")) {
            Thread.currentThread().interrupt();
        }
    }

    private static Append append(int i) {
        return new Append(
                List.of(new StreamWrite(StreamId.of("order", "" + i), List.of(Event.of("Placed", Data.json("{}"))))),
                List.of());
    }
}
