// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What becomes of restored events when the disk fails or the power is cut. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class RestoreTest {
    private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
    private static final int BATCH = 7;
    private static final int IMAGES = 3;

    private final SimDirectory disk = new SimDirectory();
    private final LogOptions options =
            new LogOptions(8 << 10, 16 << 10, Frame.ALIGNMENT, InstantSource.fixed(START), new SplittableRandom(41));
    private final List<RecordedEvent> log = log(12 * BATCH);
    private int restored;

    @Test
    void wherever_the_power_is_cut_the_log_holds_whole_batches_and_all_that_were_acknowledged() throws IOException {
        QuietLog.on();
        SplittableRandom chance = new SplittableRandom(42);
        List<Integer> found = new ArrayList<>();
        List<Throwable> violations = new ArrayList<>();
        try (LogEventStore store = LogEventStore.open(disk, options)) {
            disk.faults((call, what) -> {
                for (int i = SimulatedLives.changes(what) ? IMAGES : 0; i > 0; i--) {
                    try {
                        found.add(judge(disk.afterPowerCut(Choice.random(chance), SimFile.Loss.ANY)));
                    } catch (IOException | RuntimeException | AssertionError e) {
                        violations.add(e);
                    }
                }
            });
            restoreAll(store);
            disk.faults(SimDirectory.Faults.NONE);
        }

        assertThat(violations).isEmpty();
        assertThat(found).hasSizeGreaterThan(12 * IMAGES).contains(0, BATCH, 11 * BATCH);
    }

    /** Returns how many events the disk holds, after checking that copying goes on from there. */
    private int judge(SimDirectory image) throws IOException {
        try (LogEventStore store = LogEventStore.open(image, options)) {
            int held = (int) store.head();
            assertThat(held % BATCH).isZero();
            assertThat(held).isBetween(restored, restored + BATCH);
            assertThat(events(store)).isEqualTo(log.subList(0, held));
            if (held < log.size()) {
                store.restore(log.subList(held, log.size()));
            }
            assertThat(events(store)).isEqualTo(log);
            return held;
        }
    }

    private void restoreAll(LogEventStore store) {
        for (restored = 0; restored < log.size(); restored += BATCH) {
            store.restore(log.subList(restored, restored + BATCH));
        }
    }

    @Test
    void restored_events_whose_sync_fails_are_unknown_and_nothing_more_is_taken() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, options)) {
            store.restore(log.subList(0, BATCH));
            failNext("sync of segment");
            assertThatThrownBy(() -> store.restore(log.subList(BATCH, 2 * BATCH)))
                    .isInstanceOf(StoreException.OutcomeUnknown.class);
            disk.faults(SimDirectory.Faults.NONE);

            assertThatThrownBy(() -> store.restore(log.subList(BATCH, 2 * BATCH)))
                    .isInstanceOf(StoreException.Unavailable.class);
            assertThat(events(store)).isEqualTo(log.subList(0, BATCH));
        }
    }

    @Test
    void restored_events_name_the_events_before_them() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, options)) {
            restoreAll(store);
        }
        assertThat(LogVerifier.verify(disk).damages()).isEmpty();
    }

    @Test
    void a_full_disk_refuses_restored_events_and_takes_them_when_room_returns() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, options)) {
            disk.faults((number, what) -> {
                if (what.startsWith("create")) {
                    throw new IOException("No space left on device");
                }
            });
            assertThatThrownBy(() -> restoreAll(store))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("no room for the next segment");
            disk.faults(SimDirectory.Faults.NONE);

            assertThat(events(store)).isEqualTo(log.subList(0, restored));
            store.restore(log.subList(restored, log.size()));
            assertThat(events(store)).isEqualTo(log);
        }
    }

    @Test
    void restored_events_take_their_turn_among_appends() throws IOException {
        StreamId stream = StreamId.of("restored-1");
        List<Long> positions = new ArrayList<>();
        try (LogEventStore store = LogEventStore.open(disk, options)) {
            for (int round = 1; round <= 50; round++) {
                long position = store.head() + 6;
                List<CompletableFuture<AppendResult>> before = appends(store);
                store.restore(List.of(new RecordedEvent(
                        position, stream, round, START, log.getFirst().event().withId(UUID.randomUUID()))));
                assertThat(before).allMatch(CompletableFuture::isDone);
                appends(store).forEach(CompletableFuture::join);
                assertThat(store.head()).isEqualTo(position + 5);
                positions.add(position);
            }
            try (Stream<RecordedEvent> events = store.readStream(stream)) {
                assertThat(events).extracting(RecordedEvent::position).isEqualTo(positions);
            }
        }
    }

    private static List<CompletableFuture<AppendResult>> appends(LogEventStore store) {
        return Stream.generate(() -> Event.of("Appended", Data.json("{}")))
                .limit(5)
                .map(List::of)
                .map(events -> new Append(List.of(new StreamWrite(StreamId.of("other-1"), events)), List.of()))
                .map(store::appendAsync)
                .toList();
    }

    @Test
    void a_damaged_log_takes_no_restored_events() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, options)) {
            restoreAll(store);
        }
        disk.remove(Segment.file(1));
        try (LogEventStore store = LogEventStore.open(disk, options)) {
            RecordedEvent last = log.getLast();
            RecordedEvent next =
                    new RecordedEvent(last.position() + 1, StreamId.of("new-1"), 1, last.recordedAt(), last.event());

            assertThatThrownBy(() -> store.restore(List.of(next)))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("damaged");
        }
    }

    private void failNext(String call) {
        disk.faults((number, what) -> {
            if (what.startsWith(call)) {
                throw new IOException("no luck");
            }
        });
    }

    private static List<RecordedEvent> log(int events) {
        Random random = new Random(43);
        List<RecordedEvent> log = new ArrayList<>();
        long[] versions = new long[3];
        for (int position = 1; position <= events; position++) {
            int stream = random.nextInt(versions.length);
            byte[] bytes = new byte[random.nextInt(1_500)];
            random.nextBytes(bytes);
            Event event = Event.of("Happened", Data.of(bytes, Data.BINARY))
                    .withId(new UUID(random.nextLong(), random.nextLong()));
            Instant recordedAt = START.minusSeconds(1_000).plusSeconds(position);
            log.add(new RecordedEvent(position, StreamId.of("thing-" + stream), ++versions[stream], recordedAt, event));
        }
        return log;
    }

    private static List<RecordedEvent> events(LogEventStore store) {
        try (Stream<RecordedEvent> events = store.read(Query.all(), 0, Direction.FORWARDS, Long.MAX_VALUE)) {
            return events.toList();
        }
    }
}
