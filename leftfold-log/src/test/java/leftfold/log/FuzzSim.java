// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Decoders are fed what is nearly right, for some time each: no crash, no hang, no large allocation. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class FuzzSim {
    private static final int SECONDS = Integer.getInteger("leftfold.fuzz.seconds", 20);
    private static final long ALLOCATION_MAX = 64L << 20;
    private static final int CORPUS_MAX = 200;

    @Test
    void no_bytes_crash_a_decoder_or_have_it_allocate_much() {
        RunReport report = RunReport.of("decoders, fuzzed");
        QuietLog.on();
        DecoderFuzz.Target[] targets = DecoderFuzz.Target.values();
        AtomicLong inputs = new AtomicLong();
        List<String> findings = Collections.synchronizedList(new ArrayList<>());

        Parallel.range(0, targets.length, i -> {
            try {
                fuzz(targets[i], inputs);
            } catch (IOException | RuntimeException | Error e) {
                java.io.StringWriter w = new java.io.StringWriter();
                e.printStackTrace(new java.io.PrintWriter(w));
                findings.add(w.toString());
            }
        });

        assertThat(findings).isEmpty();
        report.passed(
                "%d decoders, %d s each, %s inputs".formatted(targets.length, SECONDS, RunReport.number(inputs.get())));
    }

    private static void fuzz(DecoderFuzz.Target target, AtomicLong inputs) throws IOException {
        SplittableRandom random = new SplittableRandom(target.ordinal());
        List<byte[]> corpus = new ArrayList<>(List.of(target.example()));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() < end) {
            byte[] input = mutated(corpus.get(random.nextInt(corpus.size())), random);
            if (corpus.size() < CORPUS_MAX && random.nextInt(20) == 0) {
                corpus.add(input.clone());
            }
            byte[] kept = input.clone();
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                target.run(input);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        target + " on " + HexFormat.of().formatHex(kept, 0, Math.min(200, kept.length)) + ": " + e, e);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            if (allocated > ALLOCATION_MAX) {
                throw new AssertionError(target + " allocated " + allocated + " bytes for "
                        + HexFormat.of().formatHex(kept, 0, Math.min(200, kept.length)));
            }
            inputs.incrementAndGet();
        }
    }

    /** Returns a copy with some changes: bits, bytes, numbers at the edges, pieces moved, another length. */
    private static byte[] mutated(byte[] from, SplittableRandom random) {
        byte[] bytes = random.nextInt(20) == 0
                ? java.util.Arrays.copyOf(from, random.nextInt(from.length + 64))
                : from.clone();
        for (int i = random.nextInt(1, 5); i > 0 && bytes.length > 8; i--) {
            int at = random.nextInt(bytes.length - 7);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> {
                    int[] edges = {
                        0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, bytes.length, bytes.length - 8, 1 << 20
                    };
                    java.nio.ByteBuffer.wrap(bytes)
                            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                            .putInt(at / 4 * 4, edges[random.nextInt(edges.length)]);
                }
                case 3 -> {
                    int other = random.nextInt(bytes.length - 7);
                    System.arraycopy(
                            bytes, other, bytes, at, Math.min(random.nextInt(64), bytes.length - Math.max(at, other)));
                }
                default -> random.nextBytes(new byte[0]);
            }
        }
        return bytes;
    }
}
