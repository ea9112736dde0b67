// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import leftfold.store.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many real threads on a real disk, and the checker's judgement of all that they were told. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class StressTest {
    private static final int WRITERS = 16;
    private static final int OPERATIONS = Integer.getInteger("leftfold.stress.operations", 250);
    private static final int STREAMS = 6;
    private static final int TAGS = 8;

    private final Path folder = TestFolders.create();
    private final ConcurrentLinkedQueue<Operation> history = new ConcurrentLinkedQueue<>();

    @AfterEach
    void delete_the_folder() {
        TestFolders.delete(folder);
    }

    @Test
    void what_many_threads_are_told_at_once_is_the_truth() throws Exception {
        RunReport report = RunReport.of(Suite.THREADS);
        List<RecordedEvent> log;
        try (LogEventStore store =
                        LogEventStore.open(folder, LogOptions.defaults().withSegmentBytes(64 << 10, 128 << 10));
                ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Client client = new Client(store, i);
                writers.add(threads.submit(client::run));
            }
            Future<List<RecordedEvent>> followed = threads.submit(() -> follow(store, writers));
            for (Future<?> writer : writers) {
                writer.get();
            }
            log = LogHistory.events(store);
            history.add(new Operation.Followed(Query.all(), 0, followed.get()));
            assertThat(followed.get()).hasSameSizeAs(log);
        }
        assertThat(ConsistencyChecker.violations(List.copyOf(history), log)).isEmpty();
        assertThat(history).hasAtLeastOneElementOfType(Operation.Refused.class);
        report.passed("%d writers, %s operations, %s events"
                .formatted(WRITERS, RunReport.number(history.size()), RunReport.number(log.size())));
    }

    private static List<RecordedEvent> follow(LogEventStore store, List<Future<?>> writers) throws Exception {
        List<RecordedEvent> seen = new ArrayList<>();
        try (Subscription subscription = store.subscribe(Query.all(), 0)) {
            boolean done = false;
            while (!done || seen.size() < store.head()) {
                done = writers.stream().allMatch(Future::isDone);
                seen.addAll(subscription.next(64, Duration.ofMillis(20)).events());
            }
        }
        return seen;
    }

    /** One thread's appends and reads. */
    private final class Client {
        private final LogEventStore store;
        private final SplittableRandom random;

        Client(LogEventStore store, int number) {
            this.store = store;
            this.random = new SplittableRandom(number);
        }

        void run() {
            for (int i = 0; i < OPERATIONS; i++) {
                StreamId stream = LogHistory.stream(random.nextInt(STREAMS));
                leftfold.store.Tag tag = leftfold.store.Tag.of("k", Integer.toString(random.nextInt(TAGS)));
                Query tagged = Query.tags(tag);
                switch (random.nextInt(10)) {
                    case 0 -> read(Query.stream(stream), 1, Direction.FORWARDS);
                    case 1 -> read(tagged, Math.max(1, store.head() - 50), Direction.FORWARDS);
                    case 2 -> read(tagged, Long.MAX_VALUE, Direction.BACKWARDS);
                    case 3, 4 -> {
                        long seen = store.head() - random.nextInt(2);
                        append(stream, tag, new AppendCondition.NothingSince(tagged, Math.max(0, seen)));
                    }
                    case 5 -> append(stream, tag, new AppendCondition.StreamExists(stream));
                    default -> append(stream, tag, new AppendCondition.StreamAt(stream, store.streamVersion(stream)));
                }
            }
        }

        private void append(StreamId stream, leftfold.store.Tag tag, AppendCondition condition) {
            List<StreamWrite> writes = new ArrayList<>();
            writes.add(new StreamWrite(stream, events(tag)));
            StreamId other = LogHistory.stream(random.nextInt(STREAMS));
            if (random.nextInt(4) == 0 && !other.equals(stream)) {
                writes.add(new StreamWrite(other, events(tag)));
            }
            Append append = new Append(writes, List.of(condition));
            long invoked = System.nanoTime();
            try {
                var result = store.append(append);
                history.add(new Operation.Appended(since(invoked), append, result));
            } catch (StoreException.Conflict e) {
                history.add(new Operation.Refused(since(invoked), append, e));
            }
        }

        private List<Event> events(leftfold.store.Tag tag) {
            return Stream.generate(() -> new Event(
                            new UUID(random.nextLong(), random.nextLong()),
                            "Happened",
                            1,
                            Data.of(new byte[random.nextInt(300)], Data.BINARY),
                            Metadata.none(),
                            java.util.Set.of(tag)))
                    .limit(random.nextInt(1, 4))
                    .toList();
        }

        private void read(Query query, long from, Direction direction) {
            long invoked = System.nanoTime();
            try (Stream<RecordedEvent> events = store.read(query, from, direction, Long.MAX_VALUE)) {
                List<RecordedEvent> found = events.toList();
                history.add(new Operation.Read(since(invoked), query, from, direction, found));
            }
        }

        private Operation.Span since(long invoked) {
            return new Operation.Span(invoked, System.nanoTime());
        }
    }
}
