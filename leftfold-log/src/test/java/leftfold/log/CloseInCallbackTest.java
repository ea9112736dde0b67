// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import leftfold.store.Append;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that is closed by what hangs on an append, and so on the writer's own thread. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class CloseInCallbackTest {
    private static final long WAIT_NANOS = Duration.ofSeconds(20).toNanos();

    @TempDir
    Path folder;

    @Test
    void closing_does_not_wait_for_itself() throws Exception {
        LogEventStore store = LogEventStore.open(folder);
        CompletableFuture<Void> closed = store.appendAsync(new Append(
                        List.of(new StreamWrite(StreamId.of("order-1"), List.of(Event.of("Placed", Data.json("{}"))))),
                        List.of()))
                .thenRun(store::close);

        assertThat(closed).succeedsWithin(10, TimeUnit.SECONDS);
        try (LogEventStore again = openOnceClosed()) {
            assertThat(again.head()).isEqualTo(1);
        }
    }

    private LogEventStore openOnceClosed() throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            try {
                return LogEventStore.open(folder);
            } catch (StoreException.CannotOpen e) {
                if (System.nanoTime() - start > WAIT_NANOS) {
                    throw e;
                }
                Thread.sleep(5);
            }
        }
    }
}
