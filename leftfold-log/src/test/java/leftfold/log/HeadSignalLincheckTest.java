// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.time.Duration;
import leftfold.store.HeadSignal;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The head signal in the interleavings that Lincheck makes of its operations. How appends are handed to the writer is
 * not checked so: Lincheck takes the JDK's own loops under an opening store for a hang; see {@link HandOverTest}.
 */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
public final class HeadSignalLincheckTest {
    private static final int ITERATIONS = 30;
    private static final int INVOCATIONS = 1_000;

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

    @Test
    void the_head_signal_is_linearizable_and_wakes_who_waits() {
        RunReport report = RunReport.of(Suite.LINEARIZABLE);
        new ModelCheckingOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(INVOCATIONS)
                .threads(3)
                .actorsPerThread(3)
                .check(Signal.class);
        Lincheck.runConcurrentTest(INVOCATIONS, () -> {
            HeadSignal signal = new HeadSignal(0);
            Thread waiting = new Thread(() -> await(signal));
            waiting.start();
            signal.advance(1);
            join(waiting);
        });
        Lincheck.runConcurrentTest(INVOCATIONS, () -> {
            HeadSignal signal = new HeadSignal(0);
            Thread waiting = new Thread(() -> await(signal));
            waiting.start();
            signal.close();
            join(waiting);
        });
        report.passed("the head signal: %d scenarios, %s interleavings each, and its wake-ups"
                .formatted(ITERATIONS, RunReport.number(INVOCATIONS)));
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
