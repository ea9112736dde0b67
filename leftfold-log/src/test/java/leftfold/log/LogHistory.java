// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Metadata;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import leftfold.store.Tag;

/**
 * What a client asked of a log and was told, and the check that a log agrees: every acknowledged append is there, once,
 * whole and in order; of the others each is there whole or not at all; and nothing else is.
 */
final class LogHistory {
    private static final int STREAMS = 5;

    private record Asked(Append append, boolean acknowledged) {}

    private final RandomGenerator random;
    private final GroupClock clock;
    private final List<Asked> asked = new ArrayList<>();

    /** Creates a history without appends, for stores that take the time from {@code clock}. */
    LogHistory(RandomGenerator random, GroupClock clock) {
        this.random = random;
        this.clock = clock;
    }

    /** Appends a group of random events; returns false once the store refuses. */
    boolean append(LogEventStore store) {
        List<Append> group = new ArrayList<>();
        int count = random.nextInt(3) == 0 ? random.nextInt(2, 6) : 1;
        for (int i = 0; i < count; i++) {
            group.add(randomAppend());
        }
        List<CompletableFuture<AppendResult>> answers = new ArrayList<>();
        clock.together(() -> group.forEach(append -> answers.add(store.appendAsync(append))));
        boolean accepted = true;
        for (int i = 0; i < count; i++) {
            accepted &= learn(group.get(i), answers.get(i));
        }
        return accepted;
    }

    private boolean learn(Append append, CompletableFuture<AppendResult> answer) {
        try {
            AppendResult result = answer.join();
            assertThat(result.repeated()).isFalse();
            asked.add(new Asked(append, true));
            return true;
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException.OutcomeUnknown) {
                asked.add(new Asked(append, false));
            } else if (!(e.getCause() instanceof StoreException.Unavailable)) {
                throw e;
            }
            return false;
        }
    }

    /** Checks {@code store} against what was asked so far. */
    void check(EventStore store) {
        List<RecordedEvent> log;
        try (Stream<RecordedEvent> events = store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            log = events.toList();
        }
        int next = 0;
        List<Asked> kept = new ArrayList<>();
        for (Asked one : asked) {
            List<Event> events = one.append.writes().stream()
                    .flatMap(write -> write.events().stream())
                    .toList();
            List<Event> found =
                    log.subList(Math.min(next, log.size()), Math.min(next + events.size(), log.size())).stream()
                            .map(RecordedEvent::event)
                            .toList();
            if (found.equals(events)) {
                next += events.size();
                kept.add(new Asked(one.append, true));
            } else {
                assertThat(one.acknowledged)
                        .as("an acknowledged append is not in the log at position %d", next + 1)
                        .isFalse();
            }
        }
        assertThat(log).as("events that nobody appended").hasSize(next);
        for (int i = 0; i < log.size(); i++) {
            assertThat(log.get(i).position()).isEqualTo(i + 1);
        }
        checkStreams(store, log);
        asked.clear();
        asked.addAll(kept);
    }

    private static void checkStreams(EventStore store, List<RecordedEvent> log) {
        for (int i = 0; i < STREAMS; i++) {
            StreamId stream = stream(i);
            List<RecordedEvent> expected =
                    log.stream().filter(event -> event.stream().equals(stream)).toList();
            try (Stream<RecordedEvent> events = store.readStream(stream)) {
                assertThat(events.toList()).isEqualTo(expected);
            }
            assertThat(store.streamVersion(stream)).isEqualTo(expected.size());
        }
    }

    private Append randomAppend() {
        List<StreamWrite> writes = new ArrayList<>();
        int first = random.nextInt(STREAMS);
        int streams = random.nextInt(8) == 0 ? 2 : 1;
        for (int i = 0; i < streams; i++) {
            List<Event> events = new ArrayList<>();
            int count = random.nextInt(4) == 0 ? random.nextInt(1, 20) : 1;
            for (int j = 0; j < count; j++) {
                events.add(randomEvent());
            }
            writes.add(new StreamWrite(stream((first + i) % STREAMS), events));
        }
        return new Append(writes, List.of());
    }

    private Event randomEvent() {
        byte[] data = new byte[random.nextInt(10) == 0 ? random.nextInt(3_000) : random.nextInt(200)];
        random.nextBytes(data);
        return new Event(
                new UUID(random.nextLong(), random.nextLong()),
                "Happened" + random.nextInt(3),
                1,
                Data.of(data, Data.BINARY),
                Metadata.none(),
                Set.of(Tag.of("n", Integer.toString(random.nextInt(4)))));
    }

    private static StreamId stream(int ordinal) {
        return StreamId.of("thing", Integer.toString(ordinal));
    }
}
