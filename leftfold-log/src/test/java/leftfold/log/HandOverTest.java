// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Appends that meet the store's closing: each is answered, and is in the log exactly if it was acknowledged. And
 * appends that meet each other, on the writer's thread and on their callers'.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class HandOverTest {
    private static final int ROUNDS = 3_000;
    private static final int APPENDERS = 2;
    private static final Append APPEND = new Append(
            List.of(new StreamWrite(StreamId.of("thing-1"), List.of(Event.of("Happened", Data.json("{}"))))),
            List.of());

    @Tag("slow")
    @Test
    void an_append_that_meets_the_closing_of_the_store_is_answered() throws Exception {
        RunReport report = RunReport.of(Suite.CLOSING);
        try (ExecutorService threads = Executors.newFixedThreadPool(APPENDERS)) {
            for (int round = 0; round < ROUNDS; round++) {
                meet(threads, round % 4 == 0);
            }
        }
        report.passed("%s closings".formatted(RunReport.number(ROUNDS)));
    }

    private static void meet(ExecutorService threads, boolean begun) throws Exception {
        SimDirectory disk = new SimDirectory();
        CyclicBarrier together = new CyclicBarrier(APPENDERS + 1);
        List<Future<Boolean>> accepted = new ArrayList<>();
        try (LogEventStore store =
                LogEventStore.open(disk, LogOptions.defaults().withSegmentBytes(8 << 10, 8 << 10))) {
            if (begun) {
                store.append(APPEND);
            }
            for (int i = 0; i < APPENDERS; i++) {
                boolean waits = i % 2 == 0;
                accepted.add(threads.submit(() -> {
                    together.await();
                    return waits ? isAccepted(store) : isAcceptedLater(store);
                }));
            }
            together.await();
        }
        boolean any = begun;
        for (Future<Boolean> one : accepted) {
            any |= one.get();
        }
        assertThat(events(disk)).isEqualTo(any ? 1 : 0);
    }

    @Test
    void appends_of_one_thread_keep_their_order_whether_it_waits_for_them_or_not() throws IOException {
        try (LogEventStore store = LogEventStore.open(new SimDirectory(), LogOptions.defaults())) {
            for (int round = 0; round < ROUNDS; round++) {
                StreamId stream = StreamId.of("thing", Integer.toString(round));
                CompletableFuture<AppendResult> first = store.appendAsync(append(stream, 0));
                AppendResult second = store.append(append(stream, 1));

                assertThat(second.version()).isEqualTo(2);
                assertThat(first.join().version()).isEqualTo(1);
            }
        }
    }

    @Test
    void closing_waits_for_work_on_indexes_and_keeps_others_out_until_then() throws Exception {
        SimDirectory disk = new SimDirectory();
        LogEventStore store = LogEventStore.open(disk, LogOptions.defaults().withSegmentBytes(8 << 10, 64 << 10));
        StreamId stream = StreamId.of("thing-1");
        disk.holdBeside();
        store.append(stream, 0, List.of(Event.of("Happened", Data.of(new byte[1_000], Data.BINARY))));
        store.append(stream, 1, List.of(Event.of("Happened", Data.of(new byte[3_000], Data.BINARY))));
        assertThat(disk.names()).contains(Segment.file(2)); // so the index of the first one is to be written

        Thread closing = closingThatWaits(store, disk);

        disk.releaseBeside();
        closing.join();
        disk.lock().close();
    }

    @Test
    void closing_waits_for_a_compaction_and_keeps_others_out_until_then() throws Exception {
        SimDirectory disk = new SimDirectory();
        LogEventStore store = LogEventStore.open(disk, LogOptions.defaults().withSegmentBytes(8 << 10, 8 << 10));
        for (int i = 0; i < 20; i++) {
            store.append(StreamId.of("thing-1"), i, List.of(Event.of("Happened", Data.of(new byte[500], Data.BINARY))));
        }
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch allowed = new CountDownLatch(1);
        disk.faults((call, what) -> {
            if (what.equals("sync of " + Compactor.NAME)) {
                begun.countDown();
                Uninterrupted.run(allowed::await);
            }
        });
        Thread compacting = Thread.ofPlatform().daemon().start(store::compact);
        begun.await();

        Thread closing = closingThatWaits(store, disk);

        allowed.countDown();
        closing.join();
        compacting.join();
        disk.lock().close();
        assertThat(disk.names()).doesNotContain(Compactor.NAME);
        assertThat(events(disk)).isEqualTo(20);
    }

    /** Returns a thread that closes the store and waits; the folder is in use until it ends. */
    private static Thread closingThatWaits(LogEventStore store, SimDirectory disk) {
        Thread closing = Thread.ofPlatform().start(store::close);
        while (closing.isAlive() && closing.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(closing.isAlive()).isTrue();
        assertThatThrownBy(disk::lock).isInstanceOf(Directory.InUseException.class);
        return closing;
    }

    private static Append append(StreamId stream, long version) {
        return new Append(
                List.of(new StreamWrite(stream, List.of(Event.of("Happened", Data.json("{}"))))),
                List.of(new AppendCondition.StreamAt(stream, version)));
    }

    private static boolean isAccepted(LogEventStore store) {
        try {
            store.append(APPEND);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static boolean isAcceptedLater(LogEventStore store) throws Exception {
        try {
            CompletableFuture<AppendResult> answer = store.appendAsync(APPEND);
            return answer.handle((result, refusal) -> result != null).get(60, TimeUnit.SECONDS);
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static long events(SimDirectory disk) throws IOException {
        return LogVerifier.verify(disk).events();
    }
}
