// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
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
import org.jspecify.annotations.Nullable;

/**
 * What one client asked of a log and was told, over many openings of it, and the check that a log agrees: every
 * acknowledged append is there, once, whole and in order; of the others each is there whole or not at all, and once it
 * was seen, or seen to be missing, it stays so; and nothing else is there. One thread asks; any may check.
 */
final class LogHistory {
    private static final int STREAMS = 5;

    private final RandomGenerator random;
    private final GroupClock clock;
    private final List<Asked> asked = new ArrayList<>();
    private final List<Operation> reads = new ArrayList<>();
    private long now;

    /** Creates a history without appends, for stores that take the time from {@code clock}. */
    LogHistory(RandomGenerator random, GroupClock clock) {
        this.random = random;
        this.clock = clock;
    }

    /** An append, and what is known of its outcome: first what the store says, then what a log showed. */
    private static final class Asked {
        private final Append append;
        private final long invoked;
        private volatile @Nullable CompletableFuture<AppendResult> answer;
        private @Nullable Operation told;
        private @Nullable Boolean seen;

        Asked(Append append, long invoked) {
            this.append = append;
            this.invoked = invoked;
        }

        boolean mustBeThere() {
            CompletableFuture<AppendResult> given = answer;
            return seen == null
                    ? told == null
                            ? given != null && given.isDone() && !given.isCompletedExceptionally()
                            : told instanceof Operation.Appended
                    : seen;
        }

        boolean mustBeAbsent() {
            return seen == null ? told instanceof Operation.Refused : !seen;
        }
    }

    /** Appends a group of random events; returns false if the store refuses for another reason than a condition. */
    boolean append(LogEventStore store) {
        List<Append> group = new ArrayList<>();
        int count = random.nextInt(3) == 0 ? random.nextInt(2, 5) : 1;
        for (int i = 0; i < count; i++) {
            group.add(randomAppend(store.head()));
        }
        return append(store, group);
    }

    /** Appends {@code group}, as one group commit if the store makes it one. */
    boolean append(LogEventStore store, List<Append> group) {
        List<Asked> waiting = group.stream().map(this::ask).toList();
        clock.turn(group.size() - 2);
        clock.together(() -> waiting.forEach(one -> one.answer = store.appendAsync(one.append)));
        boolean accepted = true;
        for (Asked one : waiting) {
            accepted &= learn(one);
        }
        return accepted;
    }

    private synchronized Asked ask(Append append) {
        Asked one = new Asked(append, now++);
        asked.add(one);
        return one;
    }

    private boolean learn(Asked one) {
        try {
            AppendResult result = Objects.requireNonNull(one.answer).join();
            tell(one, new Operation.Appended(returned(one), one.append, result));
            return true;
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException.OutcomeUnknown) {
                tell(one, new Operation.Unknown(returned(one), one.append));
                return false;
            }
            if (e.getCause() instanceof StoreException refusal) {
                tell(one, new Operation.Refused(returned(one), one.append, refusal));
                return refusal instanceof StoreException.Conflict;
            }
            throw e;
        }
    }

    private synchronized Operation.Span returned(Asked one) {
        return new Operation.Span(one.invoked, now++);
    }

    private synchronized void tell(Asked one, Operation told) {
        one.told = told;
    }

    /** Returns the number of appends that were answered with "unknown". */
    synchronized long unknown() {
        return asked.stream()
                .filter(one -> one.told instanceof Operation.Unknown)
                .count();
    }

    /** Checks a log that may be of a disk that lost power just now. */
    synchronized void checkImage(List<RecordedEvent> log) {
        match(log);
    }

    /** Reads the log: what it shows now must stay. */
    synchronized void read(EventStore store) {
        long invoked = now++;
        List<RecordedEvent> log = events(store);
        reads.add(new Operation.Read(new Operation.Span(invoked, now++), Query.all(), 1, Direction.FORWARDS, log));
    }

    /** Checks {@code store}, which goes on from here: what it shows now must stay. */
    synchronized void check(EventStore store) {
        long invoked = now++;
        List<RecordedEvent> log = events(store);
        reads.add(new Operation.Read(new Operation.Span(invoked, now++), Query.all(), 1, Direction.FORWARDS, log));
        boolean[] present = match(log);
        for (int i = 0; i < present.length; i++) {
            asked.get(i).seen = present[i];
        }
        checkStreams(store, log);
    }

    /** Has the whole history judged, against the log of {@code store}. */
    synchronized void judge(EventStore store) {
        judge(events(store));
    }

    /** Has the whole history judged, against a log that may be of a disk that lost power just now. */
    synchronized void judge(List<RecordedEvent> log) {
        List<Operation> all = new ArrayList<>(reads);
        for (Asked one : asked) {
            Operation told = one.told;
            CompletableFuture<AppendResult> given = one.answer;
            if (told != null) {
                all.add(told);
            } else if (given != null && given.isDone() && !given.isCompletedExceptionally()) {
                all.add(new Operation.Appended(new Operation.Span(one.invoked, now), one.append, given.join()));
            } else {
                all.add(new Operation.Unknown(Operation.Span.unanswered(one.invoked), one.append));
            }
        }
        assertThat(ConsistencyChecker.violations(all, log)).isEmpty();
    }

    static List<RecordedEvent> events(EventStore store) {
        try (Stream<RecordedEvent> events = store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            return events.toList();
        }
    }

    /** Returns which appends are in {@code log}, in the order in which they were asked. */
    private boolean[] match(List<RecordedEvent> log) {
        boolean[] present = new boolean[asked.size()];
        int next = 0;
        for (int i = 0; i < present.length; i++) {
            Asked one = asked.get(i);
            int end = endOf(one.append, log, next);
            present[i] = end > next;
            if (present[i] ? one.mustBeAbsent() : one.mustBeThere()) {
                throw new AssertionError(
                        present[i]
                                ? "a refused append is in the log at position " + (next + 1)
                                : "an acknowledged append is not in the log at position " + (next + 1));
            }
            next = end;
        }
        if (next != log.size()) {
            throw new AssertionError("from position " + (next + 1) + " on, the log has events that nobody appended, or"
                    + " a part of an append");
        }
        return present;
    }

    /** Returns the index in {@code log} after the append's events if they begin at {@code start}; else that. */
    private static int endOf(Append append, List<RecordedEvent> log, int start) {
        int next = start;
        for (StreamWrite write : append.writes()) {
            for (Event event : write.events()) {
                if (next == log.size()) {
                    return start;
                }
                RecordedEvent found = log.get(next++);
                if (!found.event().equals(event)
                        || !found.stream().equals(write.stream())
                        || found.position() != next) {
                    return start;
                }
            }
        }
        return next;
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

    private Append randomAppend(long head) {
        List<StreamWrite> writes = new ArrayList<>();
        int first = random.nextInt(STREAMS);
        int streams = random.nextInt(8) == 0 ? 2 : 1;
        for (int i = 0; i < streams; i++) {
            List<Event> events = new ArrayList<>();
            int count = random.nextInt(5) == 0 ? random.nextInt(2, 6) : 1;
            for (int j = 0; j < count; j++) {
                events.add(randomEvent());
            }
            writes.add(new StreamWrite(stream((first + i) % STREAMS), events));
        }
        return new Append(writes, randomConditions(head));
    }

    private List<AppendCondition> randomConditions(long head) {
        return switch (random.nextInt(12)) {
            case 0 -> List.of(new AppendCondition.StreamAt(stream(random.nextInt(STREAMS)), random.nextInt(8)));
            case 1 -> List.of(new AppendCondition.StreamExists(stream(random.nextInt(STREAMS))));
            case 2 ->
                List.of(new AppendCondition.NothingSince(
                        Query.tags(Tag.of("n", Integer.toString(random.nextInt(4)))),
                        Math.max(0, head - random.nextInt(3))));
            default -> List.of();
        };
    }

    private Event randomEvent() {
        return event(random.nextInt(8) == 0 ? random.nextInt(2_500) : random.nextInt(100));
    }

    /** Returns an event with so many random bytes of data. */
    Event event(int bytes) {
        byte[] data = new byte[bytes];
        random.nextBytes(data);
        return new Event(
                new UUID(random.nextLong(), random.nextLong()),
                "Happened" + random.nextInt(3),
                1,
                Data.of(data, Data.BINARY),
                Metadata.none(),
                Set.of(Tag.of("n", Integer.toString(random.nextInt(4)))));
    }

    static StreamId stream(int ordinal) {
        return StreamId.of("thing", Integer.toString(ordinal));
    }
}
