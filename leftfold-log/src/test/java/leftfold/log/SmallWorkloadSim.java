// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import leftfold.store.Append;
import leftfold.store.StreamWrite;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every workload of at most three steps, the power cut at every call to the disk, and all that the disk may then hold:
 * every subset of the sectors, names and lengths that were not synced; or a seeded sample of these where they are too
 * many.
 */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class SmallWorkloadSim {
    private static final int STEPS_MAX = 3;
    private static final int CASES_MAX = 1 << 10; // as many as ten sectors have subsets
    private static final int SAMPLES = 128;
    private static final int TORN = 16;

    private final AtomicLong workloads = new AtomicLong();
    private final AtomicLong cuts = new AtomicLong();
    private final AtomicLong sampledCuts = new AtomicLong();
    private final AtomicLong images = new AtomicLong();

    /** What a workload is made of. */
    private enum Step {
        ONE,
        BATCH,
        GROUP,
        LARGE,
        REOPEN
    }

    @Test
    void no_small_workload_loses_anything_wherever_the_power_is_cut() {
        RunReport report = RunReport.of("small workloads, exhaustive");
        QuietLog.on();

        List<List<Step>> all = all(List.of(), new ArrayList<>());
        Parallel.range(0, all.size(), i -> {
            run(all.get(i), Frame.ALIGNMENT);
            run(all.get(i), SimFile.SECTOR_BYTES);
        });

        report.passed("%s workloads, %s calls, %s images: every case at %s calls, %d by chance at each of the others"
                .formatted(
                        RunReport.number(workloads.get()),
                        RunReport.number(cuts.get()),
                        RunReport.number(images.get()),
                        RunReport.number(cuts.get() - sampledCuts.get()),
                        SAMPLES));
    }

    /** Returns {@code begun} and all workloads that begin so. */
    private static List<List<Step>> all(List<Step> begun, List<List<Step>> found) {
        found.add(begun);
        for (Step step : begun.size() < STEPS_MAX ? Step.values() : new Step[0]) {
            List<Step> longer = new ArrayList<>(begun);
            longer.add(step);
            all(longer, found);
        }
        return found;
    }

    private void run(List<Step> steps, int alignment) {
        try {
            new Workload(steps, alignment).run();
            workloads.incrementAndGet();
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError(steps + " with frames aligned to " + alignment + ": " + e.getMessage(), e);
        }
    }

    /** One workload: its steps but the last are done undisturbed, as shorter workloads have been cut there. */
    private final class Workload {
        private final List<Step> steps;
        private final SplittableRandom random = new SplittableRandom(1);
        private final SplittableRandom chance = new SplittableRandom(2);
        private final GroupClock clock = new GroupClock();
        private final LogHistory history = new LogHistory(random, clock);
        private final LogOptions options;
        private final LogOptions copyOptions;
        private final SimDirectory disk = new SimDirectory();
        private @Nullable Throwable violation;
        private LogEventStore store;

        Workload(List<Step> steps, int alignment) throws IOException {
            this.steps = steps;
            options = new LogOptions(8 << 10, 16 << 10, alignment, clock, random.split());
            copyOptions =
                    new LogOptions(8 << 10, 16 << 10, alignment, InstantSource.fixed(Instant.EPOCH), chance.split());
            cutIf(steps.isEmpty());
            store = LogEventStore.open(disk, options);
        }

        void run() throws IOException {
            for (int i = 0; i < steps.size(); i++) {
                cutIf(i == steps.size() - 1);
                take(steps.get(i));
            }
            cutPower(0, "the end");
            disk.faults(SimDirectory.Faults.NONE);
            history.judge(store);
            store.close();
            if (violation != null) {
                throw new AssertionError(violation.getMessage(), violation);
            }
        }

        private void cutIf(boolean last) {
            disk.faults(last ? this::cutPower : SimDirectory.Faults.NONE);
        }

        private void take(Step step) throws IOException {
            switch (step) {
                case ONE -> append(write(0, 1, 30));
                case BATCH -> append(new Append(List.of(events(0, 2, 30), events(1, 1, 30)), List.of()));
                case GROUP -> append(write(0, 1, 30), write(1, 2, 30));
                case LARGE -> append(write(2, 1, 3_500));
                case REOPEN -> {
                    store.close();
                    store = LogEventStore.open(disk, options);
                }
            }
        }

        private void append(Append... group) {
            assertThat(history.append(store, List.of(group))).isTrue();
        }

        private Append write(int stream, int count, int bytes) {
            return new Append(List.of(events(stream, count, bytes)), List.of());
        }

        private StreamWrite events(int stream, int count, int bytes) {
            var events = java.util.stream.Stream.generate(() -> history.event(bytes))
                    .limit(count)
                    .toList();
            return new StreamWrite(LogHistory.stream(stream), events);
        }

        private void cutPower(int call, String what) {
            if (violation == null && SimulatedLives.changes(what)) {
                try {
                    cuts.incrementAndGet();
                    judgeAll();
                } catch (IOException | RuntimeException | AssertionError e) {
                    violation = new AssertionError("power cut before call " + call + ", " + what + ": " + e, e);
                }
            }
        }

        private void judgeAll() throws IOException {
            for (int i = 0; i < TORN; i++) {
                judge(disk.afterPowerCut(Choice.random(chance), SimFile.Loss.TORN));
            }
            Choice.All all = new Choice.All();
            judge(disk.afterPowerCut(all, SimFile.Loss.ANY));
            if (all.cases() <= CASES_MAX) {
                while (all.advance()) {
                    judge(disk.afterPowerCut(all, SimFile.Loss.ANY));
                }
            } else {
                sampledCuts.incrementAndGet();
                for (int i = 0; i < SAMPLES; i++) {
                    judge(disk.afterPowerCut(Choice.random(chance), SimFile.Loss.ANY));
                }
            }
        }

        private void judge(SimDirectory copy) throws IOException {
            images.incrementAndGet();
            try (LogEventStore copied = LogEventStore.open(copy, copyOptions)) {
                history.checkImage(LogHistory.events(copied));
            }
        }
    }
}
