// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import leftfold.store.StoreException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The n-th call to the disk, or to the clock, fails, for every n and in every way, once and for good: appends are
 * refused or unknown, nothing acknowledged is lost, nothing refused is stored, and the store opens again.
 */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class FailingCallSim {
    private static final int LONG_SCRIPTS = 20;
    private static final int STEPS_LONG = 8;

    private final AtomicLong runs = new AtomicLong();

    /** How a call fails. */
    private enum Fault {
        /** Without effect. */
        EIO,
        /** After a part of its effect: a short write, a sync that forgets, a rename that may have been done. */
        PARTLY,
        /** As a full disk has it: only calls that need room. */
        ENOSPC,
        /** With an exception that no call should throw. */
        UNCHECKED,
        /** With an error of the machine. */
        OUT_OF_MEMORY,
        /** Of the clock. */
        CLOCK;

        void strike(String what) throws IOException {
            String message = this + " at " + what;
            switch (this) {
                case EIO -> throw new SimDirectory.Refused(message);
                case PARTLY -> throw new IOException(message);
                case ENOSPC -> {
                    if (what.startsWith("create") || what.startsWith("write")) {
                        throw new IOException("No space left on device: " + message);
                    }
                }
                case UNCHECKED, CLOCK -> throw new IllegalStateException(message);
                case OUT_OF_MEMORY -> throw new OutOfMemoryError(message);
            }
        }
    }

    @Test
    void whichever_call_fails_nothing_is_lost_and_the_store_opens_again() {
        RunReport report = RunReport.of(Suite.FAILING_CALLS);
        QuietLog.on();
        List<List<Script.Step>> scripts = scripts();

        Parallel.range(0, scripts.size(), i -> {
            for (Fault fault : Fault.values()) {
                sweep(scripts.get(i), fault, true);
                sweep(scripts.get(i), fault, false);
            }
        });

        report.passed("%s runs: %d scripts, every call of each, %d faults, once and for good"
                .formatted(RunReport.number(runs.get()), scripts.size(), Fault.values().length));
    }

    /** Sweeps a few scripts only. */
    void sweepShort() {
        for (List<Script.Step> steps : scripts().subList(0, 12)) {
            for (Fault fault : Fault.values()) {
                sweep(steps, fault, true);
                sweep(steps, fault, false);
            }
        }
    }

    private static List<List<Script.Step>> scripts() {
        List<List<Script.Step>> scripts = new ArrayList<>(Script.all(List.of(), 2));
        SplittableRandom random = new SplittableRandom(1);
        Script.Step[] steps = Script.Step.values();
        for (int i = 0; i < LONG_SCRIPTS; i++) {
            scripts.add(random.ints(STEPS_LONG, 0, steps.length)
                    .mapToObj(step -> steps[step])
                    .toList());
        }
        return scripts;
    }

    private void sweep(List<Script.Step> steps, Fault fault, boolean once) {
        boolean more = true;
        for (int n = 1; more; n++) {
            try {
                runs.incrementAndGet();
                more = new Run(fault, n, once).run(steps);
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "%s at call %d, %s, of %s: %s".formatted(fault, n, once ? "once" : "for good", steps, e), e);
            }
        }
    }

    /** One script with one fault. */
    private static final class Run {
        private final SimDirectory disk = new SimDirectory(new SplittableRandom(1));
        private final Script script = new Script(disk, Frame.ALIGNMENT);
        private final AtomicInteger calls = new AtomicInteger();
        private final Fault fault;
        private final int n;
        private final boolean once;

        Run(Fault fault, int n, boolean once) {
            this.fault = fault;
            this.n = n;
            this.once = once;
        }

        /** Returns false if there was no n-th call. */
        boolean run(List<Script.Step> steps) throws IOException {
            if (fault == Fault.CLOCK) {
                script.clock.before(() -> {
                    try {
                        called("the clock");
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
            } else {
                disk.faults((call, what) -> called(what));
            }
            disturbed(steps);
            script.clock.before(() -> {});
            disk.faults(SimDirectory.Faults.NONE);
            checkStillOpen();
            closeQuietly();
            assertThat(disk.openFiles()).as("files left open").isZero();
            checkAfterwards();
            return calls.get() >= n;
        }

        private void called(String what) throws IOException {
            int call = calls.incrementAndGet();
            if (call == n || (call > n && !once)) {
                fault.strike(what);
            }
        }

        private void disturbed(List<Script.Step> steps) throws IOException {
            try {
                script.open();
                for (Script.Step step : steps) {
                    boolean broken = script.broken();
                    boolean accepted = script.take(step);
                    assertThat(accepted && broken && script.broken() && step != Script.Step.COMPACT)
                            .as("accepted after an append of unknown outcome")
                            .isFalse();
                }
            } catch (IOException | StoreException | IllegalStateException | OutOfMemoryError e) {
                if (!String.valueOf(e.getMessage()).contains(fault.name())) {
                    throw e;
                }
            }
        }

        /** The store can be read, and goes on if nothing of unknown outcome was written. */
        private void checkStillOpen() {
            LogEventStore store = script.store();
            if (store != null) {
                script.history.checkImage(LogHistory.events(store));
                assertThat(script.history.append(store)).isEqualTo(!script.broken());
            }
        }

        private void closeQuietly() {
            try {
                script.close();
            } catch (StoreException.Unavailable e) {
                assertThat(e).hasMessageContaining(fault.name());
            }
        }

        private void checkAfterwards() throws IOException {
            for (int i = 0; i < 3; i++) {
                SimDirectory copy = disk.afterPowerCut();
                try (LogEventStore store = LogEventStore.open(copy, script.options)) {
                    script.history.checkImage(LogHistory.events(store));
                }
            }
            script.open();
            LogEventStore store = Objects.requireNonNull(script.store());
            script.history.check(store);
            assertThat(script.take(Script.Step.LARGE)).isTrue();
            script.history.check(store);
            script.history.judge(store);
            script.close();
            assertThat(LogVerifier.verify(disk).damages()).isEmpty();
        }
    }
}
