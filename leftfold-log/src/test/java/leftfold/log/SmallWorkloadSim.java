// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
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

    @Test
    void no_small_workload_loses_anything_wherever_the_power_is_cut() {
        RunReport report = RunReport.of(Suite.SMALL_WORKLOADS);
        QuietLog.on();

        List<List<Script.Step>> all = Script.all(List.of(), STEPS_MAX);
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

    private void run(List<Script.Step> steps, int alignment) {
        try {
            new Workload(steps, alignment).run();
            workloads.incrementAndGet();
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError(steps + " with frames aligned to " + alignment + ": " + e.getMessage(), e);
        }
    }

    /** One workload: its steps but the last are done undisturbed, as shorter workloads have been cut there. */
    private final class Workload {
        private final List<Script.Step> steps;
        private final SplittableRandom chance = new SplittableRandom(2);
        private final SimDirectory disk = new SimDirectory();
        private final Script script;
        private final LogOptions copyOptions;
        private @Nullable Throwable violation;

        Workload(List<Script.Step> steps, int alignment) {
            this.steps = steps;
            script = new Script(disk, alignment);
            copyOptions =
                    new LogOptions(8 << 10, 16 << 10, alignment, InstantSource.fixed(Instant.EPOCH), chance.split());
        }

        void run() throws IOException {
            cutIf(steps.isEmpty());
            script.open();
            for (int i = 0; i < steps.size(); i++) {
                cutIf(i == steps.size() - 1);
                assertThat(script.take(steps.get(i))).isTrue();
            }
            cutPower(0, "the end");
            cutIf(false);
            script.history.judge(Objects.requireNonNull(script.store()));
            script.close();
            if (violation != null) {
                throw new AssertionError(violation.getMessage(), violation);
            }
        }

        private void cutIf(boolean last) {
            disk.faults(last ? this::cutPower : SimDirectory.Faults.NONE);
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
                script.history.checkImage(LogHistory.events(copied));
            }
        }
    }
}
