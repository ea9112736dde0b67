// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real engine on a simulated disk that loses power, or fails, at any moment. A failure names its seed. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class PowerCutSim {
    private static final int SEEDS = Integer.getInteger("leftfold.sim.seeds", 5_000);
    private static final int SEED_FIRST = Integer.getInteger("leftfold.sim.seed", 0);

    @Test
    void no_acknowledged_event_is_lost_by_power_cuts_kills_and_failing_disks() {
        RunReport report = RunReport.of(Suite.POWER_CUTS);
        AtomicLong cuts = new AtomicLong();

        Parallel.range(SEED_FIRST, SEED_FIRST + SEEDS, seed -> cuts.addAndGet(SimulatedLives.run(seed)));

        report.passed("%s power cuts over %s seeds".formatted(RunReport.number(cuts.get()), RunReport.number(SEEDS)));
    }
}
