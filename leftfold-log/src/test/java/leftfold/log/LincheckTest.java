// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.time.Duration;
import java.util.List;
import leftfold.store.HeadSignal;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What threads share in the interleavings that Lincheck makes of its operations. The index in memory is not: in the
 * small scenarios that are possible nothing in it grows, and what goes wrong without its locks needs that; see
 * {@link StressTest}. How appends are handed to the writer is not checked so either: Lincheck takes the JDK's own loops
 * under an opening store for a hang; see {@link HandOverTest}.
 */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
public final class LincheckTest {
    private static final int SCENARIOS = 10;
    private static final int INTERLEAVINGS = 500;

    /** The signal's operations, one writer advancing it. */
    public static final class Signal {
        private final HeadSignal signal = new HeadSignal(0);

        @Operation(nonParallelGroup = "writer")
        public void advance() {
            signal.advance(signal.head() + 1);
        }

        @Operation
        public long head() {
            return signal.head();
        }

        @Operation
        public boolean isOpen() {
            try {
                signal.checkOpen();
                return true;
            } catch (IllegalStateException e) {
                return false;
            }
        }

        @Operation
        public void close() {
            signal.close();
        }
    }

    /** What covers the log: the writer adds parts, the indexer puts one in the place of two. */
    public static final class Parts {
        private final PositionList<Part> parts = new PositionList<>();
        private long end; // of the writer

        private record Part(long firstPosition, long nextPosition) implements PositionList.Positioned {}

        @Operation(nonParallelGroup = "writer")
        public void add() {
            parts.add(new Part(end, ++end));
        }

        @Operation(nonParallelGroup = "indexer")
        public boolean merge() {
            List<Part> all = parts.all();
            if (all.size() < 2) {
                return false;
            }
            Part both = new Part(all.get(0).firstPosition(), all.get(1).nextPosition());
            parts.replace(all.subList(0, 2), List.of(both));
            return true;
        }

        @Operation
        public String all() {
            return parts.all().toString();
        }
    }

    @Test
    void what_threads_share_is_linearizable_and_who_waits_is_woken() {
        RunReport report = RunReport.of(Suite.LINEARIZABLE);
        List<Class<?>> structures = List.of(Signal.class, Parts.class);
        for (Class<?> structure : structures) {
            new ModelCheckingOptions()
                    .iterations(SCENARIOS)
                    .invocationsPerIteration(INTERLEAVINGS)
                    .threads(3)
                    .actorsPerThread(3)
                    .check(structure);
        }
        Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
            HeadSignal signal = new HeadSignal(0);
            Thread waiting = new Thread(() -> await(signal));
            waiting.start();
            signal.advance(1);
            join(waiting);
        });
        Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
            HeadSignal signal = new HeadSignal(0);
            Thread waiting = new Thread(() -> await(signal));
            waiting.start();
            signal.close();
            join(waiting);
        });
        report.passed("the head signal and the list of parts: %d scenarios each, %s interleavings, and the wake-ups"
                .formatted(SCENARIOS, RunReport.number(INTERLEAVINGS)));
    }

    private static void await(HeadSignal signal) {
        try {
            signal.await(0, Duration.ofDays(1), () -> false);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
