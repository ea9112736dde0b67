// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import leftfold.memory.MemoryEventStore;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.AppendResult;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.Subscription;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The embedded log and the log in memory, asked the same at random, answer the same: results, conflicts, reads of every
 * kind, subscriptions; in group commits, over many segments, and after opening anew. A failure names its seed.
 */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class DifferentialTest {
    private static final int SEEDS = Integer.getInteger("leftfold.differential.seeds", 60);
    private static final int STEPS = 250;

    @Test
    void two_stores_that_are_asked_the_same_answer_the_same() {
        for (int seed = 0; seed < SEEDS; seed++) {
            try {
                new Run(seed).run();
            } catch (Exception | AssertionError e) {
                fail("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /** One pair of stores and what is done to both. */
    private static final class Run {
        private final SplittableRandom random;
        private final RandomAppends appends;
        private final GroupClock clock = new GroupClock();
        private final SimDirectory disk = new SimDirectory();
        private final MemoryEventStore memory = new MemoryEventStore(clock);
        private final Key.Hash hash;
        private LogEventStore log;

        Run(int seed) throws IOException {
            random = new SplittableRandom(seed);
            appends = new RandomAppends(random);
            hash = seed % 3 == 0 ? (kind, name, length) -> length % 3 : Key.Hash.STANDARD; // a bad one, now and then
            log = LogEventStore.open(disk, options(), hash);
        }

        void run() throws Exception {
            Query followed = appends.query();
            Subscription logged = log.subscribe(followed, 0);
            Subscription remembered = memory.subscribe(followed, 0);
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(8)) {
                    case 0, 1 -> appendTogether(random.nextInt(1, 6));
                    case 2, 3 -> compareRead();
                    case 4 -> compareReadOfStream();
                    case 5 -> compareLookups();
                    case 6 -> {
                        int eventsMax = random.nextInt(1, 400);
                        assertThat(logged.next(eventsMax, Duration.ZERO))
                                .isEqualTo(remembered.next(eventsMax, Duration.ZERO));
                    }
                    default -> {
                        if (random.nextInt(20) == 0) {
                            log.compact();
                        }
                        clock.turn(random.nextInt(-2, 4));
                        if (random.nextInt(10) == 0) {
                            log.close();
                            log = LogEventStore.open(disk, options(), hash);
                            followed = appends.query();
                            long after = appends.place(memory.head());
                            logged = log.subscribe(followed, after);
                            remembered = memory.subscribe(followed, after);
                        }
                    }
                }
            }
            log.close();
            assertThat(LogVerifier.verify(disk).clean()).isTrue();
            assertThat(LogVerifier.verify(disk).events()).isEqualTo(memory.head());
        }

        private LogOptions options() {
            int first = (8 << 10 << random.nextInt(6)) + random.nextInt(2) * random.nextInt(5_000);
            return LogOptions.defaults()
                    .withClock(clock)
                    .withSegmentBytes(first, first << random.nextInt(3))
                    .withFrameAlignment(8 << random.nextInt(10));
        }

        private void appendTogether(int count) {
            List<Append> group = new ArrayList<>();
            List<CompletableFuture<AppendResult>> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                group.add(appends.append(memory.head()));
            }
            clock.together(() -> group.forEach(append -> answers.add(log.appendAsync(append))));
            for (int i = 0; i < count; i++) {
                Append append = group.get(i);
                Object expected = outcome(() -> memory.append(append));
                CompletableFuture<AppendResult> answer = answers.get(i);
                Object found = outcome(() -> join(answer));
                assertThat(found).isEqualTo(expected);
            }
        }

        private void compareRead() {
            Query query = appends.query();
            long from = appends.place(memory.head());
            long limit = limit();
            Direction direction = direction();
            compare(store -> list(store.read(query, from, direction, limit)));
        }

        private void compareReadOfStream() {
            StreamId stream = appends.stream();
            long from = appends.place(memory.streamVersion(stream));
            long limit = limit();
            Direction direction = direction();
            compare(store -> list(store.readStream(stream, from, direction, limit)));
        }

        private void compareLookups() {
            StreamId stream = appends.stream();
            UUID id = appends.id();
            Instant instant = clock.instant().plusNanos(random.nextInt(-20_000, 2_000));
            compare(store -> store.find(stream, id));
            compare(store -> store.streamVersion(stream));
            compare(EventStore::head);
            compare(store -> store.positionAt(instant));
            compare(store -> list(store.streams()));
        }

        private void compare(Function<EventStore, Object> question) {
            assertThat(question.apply(log)).isEqualTo(question.apply(memory));
        }

        private Direction direction() {
            return random.nextBoolean() ? Direction.FORWARDS : Direction.BACKWARDS;
        }

        private long limit() {
            return switch (random.nextInt(4)) {
                case 0 -> random.nextInt(3);
                case 1 -> random.nextInt(600);
                default -> Long.MAX_VALUE;
            };
        }
    }

    /** What a caller learns of a refusal. */
    private record Refusal(Class<?> kind, Object about, long found) {}

    private static Object outcome(Supplier<AppendResult> append) {
        try {
            return append.get();
        } catch (StoreException.Conflict e) {
            AppendCondition condition = e.condition();
            return new Refusal(e.getClass(), condition, e.found());
        } catch (StoreException.EventIdConflict e) {
            return new Refusal(e.getClass(), List.of(e.stream(), e.id()), e.version());
        }
    }

    private static AppendResult join(CompletableFuture<AppendResult> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw (StoreException) e.getCause();
        }
    }

    private static <T> List<T> list(Stream<T> stream) {
        try (stream) {
            return stream.toList();
        }
    }
}
