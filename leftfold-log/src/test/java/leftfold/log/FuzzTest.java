// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Jazzer looks for bytes that crash a decoder, hold it up, or have it allocate more than a small heap has: a while for
 * each, in a process of its own, beginning with bytes that are right.
 */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class FuzzTest {
    private static final int SECONDS = Integer.getInteger("leftfold.fuzz.seconds", 20);
    private static final int HANG_SECONDS = 30;
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in");

    private final Path folder = TestFolders.create();

    @Test
    void no_bytes_crash_a_decoder_hold_it_up_or_have_it_allocate_much() throws IOException {
        RunReport report = RunReport.of(Suite.FUZZ);
        DecoderFuzz.Target[] targets = DecoderFuzz.Target.values();
        AtomicLong inputs = new AtomicLong();

        Parallel.range(0, targets.length, i -> {
            try {
                inputs.addAndGet(fuzz(targets[i]));
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        report.passed("%d decoders, %d s each by Jazzer, %s inputs"
                .formatted(targets.length, SECONDS, RunReport.number(inputs.get())));
        TestFolders.delete(folder); // if something was found, the input stays there
    }

    private long fuzz(DecoderFuzz.Target target) throws IOException, InterruptedException {
        Path corpus = Files.createDirectories(folder.resolve(target.name()));
        Files.write(corpus.resolve("example"), target.example());
        Path output = folder.resolve(target + ".txt");
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx192m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        fullClassPath(),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + FuzzProcess.class.getName(),
                        "--target_args=" + target,
                        "--instrumentation_includes=leftfold.log.**",
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + "/" + target + "-",
                        "-max_total_time=" + SECONDS,
                        "-max_len=6000",
                        "-timeout=" + HANG_SECONDS,
                        "-seed=" + (target.name().length() + 1),
                        corpus.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int exit = process.waitFor();
        String text = Files.readString(output);
        assertThat(exit)
                .as(() -> target + " was not decoded well; see " + folder + "\n"
                        + text.lines()
                                .filter(line -> !line.startsWith("INFO") && !line.startsWith("#"))
                                .limit(60)
                                .collect(Collectors.joining("\n")))
                .isZero();
        Matcher done = DONE.matcher(text);
        assertThat(done.find()).as(text).isTrue();
        return Long.parseLong(done.group(1));
    }

    /** Returns the class path with absolute names, as Jazzer unpacks itself from it. */
    private static String fullClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
