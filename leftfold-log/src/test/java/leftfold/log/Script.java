// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.Event;
import leftfold.store.StreamWrite;
import org.jspecify.annotations.Nullable;

/** A store on a simulated disk that does as it is told, step by step, and the history of it. Confined to one thread. */
final class Script {
    /** What a client does. */
    enum Step {
        /** Appends one small event. */
        ONE,
        /** Appends three events to two streams. */
        BATCH,
        /** Appends twice in one group commit. */
        GROUP,
        /** Appends so much that the next large append needs a new segment. */
        LARGE,
        /** Stores each stream's events together. */
        COMPACT,
        /** Closes the store and opens it again. */
        REOPEN
    }

    final SimDirectory disk;
    final GroupClock clock = new GroupClock();
    final LogHistory history;
    final LogOptions options;
    private final SplittableRandom random = new SplittableRandom(1);
    private @Nullable LogEventStore store;
    private long unknownBefore;

    /** Begins on an empty disk, with segments of 8 and 16 KiB. */
    Script(SimDirectory disk, int alignment) {
        this.disk = disk;
        history = new LogHistory(random, clock);
        options = new LogOptions(8 << 10, 16 << 10, alignment, clock, random.split());
    }

    /** Returns {@code begun} and all sequences of at most {@code steps} steps that begin so. */
    static List<List<Step>> all(List<Step> begun, int steps) {
        List<List<Step>> found = new ArrayList<>(List.of(begun));
        for (Step step : begun.size() < steps ? Step.values() : new Step[0]) {
            List<Step> longer = new ArrayList<>(begun);
            longer.add(step);
            found.addAll(all(longer, steps));
        }
        return found;
    }

    /** Returns the store if it is open. */
    @Nullable LogEventStore store() {
        return store;
    }

    void open() throws IOException {
        unknownBefore = history.unknown();
        store = LogEventStore.open(disk, options);
    }

    /** Returns whether an append since the store was opened was answered with "unknown". */
    boolean broken() {
        return history.unknown() > unknownBefore;
    }

    void close() {
        LogEventStore closing = store;
        store = null;
        if (closing != null) {
            closing.close();
        }
    }

    /** Takes a step; returns false if an append of it was not accepted. */
    boolean take(Step step) throws IOException {
        return switch (step) {
            case ONE -> append(append(0, 1, 30));
            case BATCH -> append(new Append(List.of(events(0, 2, 30), events(1, 1, 30)), List.of()));
            case GROUP -> append(append(0, 1, 30), append(1, 2, 30));
            case LARGE -> append(append(2, 1, 3_500));
            case COMPACT -> {
                Objects.requireNonNull(store).compact();
                yield true;
            }
            case REOPEN -> {
                close();
                open();
                yield true;
            }
        };
    }

    private boolean append(Append... group) {
        return history.append(Objects.requireNonNull(store), List.of(group));
    }

    private Append append(int stream, int count, int bytes) {
        return new Append(List.of(events(stream, count, bytes)), List.of());
    }

    private StreamWrite events(int stream, int count, int bytes) {
        List<Event> events =
                Stream.generate(() -> history.event(bytes)).limit(count).toList();
        return new StreamWrite(LogHistory.stream(stream), events);
    }
}
