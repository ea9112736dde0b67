// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real engine on a simulated disk that loses power, or fails, at any moment. A failure names its seed. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class PowerCutSim {
    private static final int SEEDS = Integer.getInteger("leftfold.sim.seeds", 3_000);
    private static final int LIVES = 3;
    private static final int APPENDS = 12;

    @Test
    void no_acknowledged_event_is_lost_by_power_cuts_and_kills() {
        for (int seed = 0; seed < SEEDS; seed++) {
            run(seed, false);
        }
    }

    @Test
    void no_acknowledged_event_is_lost_when_a_call_fails_once_and_then_all_seems_well() {
        for (int seed = 0; seed < SEEDS; seed++) {
            run(seed, true);
        }
    }

    private static void run(int seed, boolean once) {
        try {
            SplittableRandom random = new SplittableRandom(seed);
            GroupClock clock = new GroupClock();
            LogHistory history = new LogHistory(random, clock);
            SimDirectory disk = new SimDirectory(random);
            for (int life = 0; life < LIVES; life++) {
                live(disk, history, options(clock, random), random.nextInt(1, 60), once);
                assertThat(disk.openFiles()).as("files left open").isZero();
                disk = random.nextBoolean() ? disk.afterPowerCut() : disk.afterKill();
            }
            try (LogEventStore store = LogEventStore.open(disk, options(clock, random))) {
                history.check(store);
                assertThat(history.append(store)).isTrue();
                history.check(store);
            }
            VerifyReport report = LogVerifier.verify(disk);
            assertThat(report.damages()).isEmpty();
            assertThat(report.tornBytes()).isZero();
        } catch (IOException | RuntimeException | AssertionError e) {
            fail("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    /** Opens the store and appends until a call fails, which may be while opening, or never. */
    private static void live(SimDirectory disk, LogHistory history, LogOptions options, int calls, boolean once)
            throws IOException {
        int failing = disk.calls() + calls;
        disk.faults((call, what) -> {
            if (call == failing || (call > failing && !once)) {
                throw new IOException("the disk failed at call " + call + ", " + what);
            }
        });
        LogEventStore store;
        try {
            store = LogEventStore.open(disk, options);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("the disk failed");
            return;
        }
        history.check(store);
        for (int i = 0; i < APPENDS; i++) {
            history.append(store); // goes on after a refusal: nothing may be accepted that is then lost
        }
        store.close();
    }

    private static LogOptions options(GroupClock clock, SplittableRandom random) {
        return LogOptions.defaults()
                .withClock(clock)
                .withSegmentBytes(8 << 10, 16 << 10)
                .withFrameAlignment(random.nextInt(3) == 0 ? 8 << random.nextInt(10) : 8);
    }
}
