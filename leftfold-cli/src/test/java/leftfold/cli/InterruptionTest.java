// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is asked to end while it works. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class InterruptionTest {
    private static final int ROWS = 1_000;
    private static final String HEADER = "case,activity\n";
    private static final String CHUNK = "1,step\n2,step\n".repeat(ROWS / 2);
    private static final int CHUNKS = 100; // far more than the pipe holds, so that the process has read many

    @TempDir
    private Path folder;

    @Test
    void an_interrupted_import_says_so_and_the_next_one_goes_on() throws Exception {
        Path file = folder.resolve("log.csv");
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        Process child = importing(file);
        int chunks = writeUntilInterrupted(file, child);
        assertThat(new String(child.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .hasLineCount(1)
                .contains("interrupted; import the file again");
        assertThat(child.waitFor()).isEqualTo(1);

        Files.delete(file);
        try (OutputStream output = Files.newOutputStream(file)) {
            write(output, HEADER);
            for (int i = 0; i < chunks; i++) {
                write(output, CHUNK);
            }
        }
        Commands commands = new Commands(folder.resolve("store"));
        assertThat(commands.run("verify").exitCode()).isZero();
        long before = number(commands, "events", "stats");
        assertThat(before).isPositive();
        assertThat(number(commands, "added", "import", file.toString())).isEqualTo((long) ROWS * chunks - before);
    }

    /** Feeds the process, which is asked to end on the way; returns how many chunks it may have seen. */
    private static int writeUntilInterrupted(Path pipe, Process child) throws IOException {
        int chunks = 0;
        try (OutputStream output = Files.newOutputStream(pipe)) {
            write(output, HEADER);
            while (true) {
                chunks++;
                write(output, CHUNK);
                if (chunks == CHUNKS) {
                    child.toHandle().destroy(); // unlike the process itself, this leaves its output open
                }
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("Broken pipe");
            return chunks;
        }
    }

    private static long number(Commands commands, String name, String... args) {
        String[] withJson =
                Stream.concat(Arrays.stream(args), Stream.of("--json")).toArray(String[]::new);
        return commands.run(withJson).json().getFirst().path(name).longValue();
    }

    private static void write(OutputStream output, String text) throws IOException {
        output.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private Process importing(Path file) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "import",
                        file.toString(),
                        "--store",
                        folder.resolve("store").toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
