// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A real process whose disk fails by chance: its system calls by libfiu where {@code fiu-run} is on the path, and in
 * every run the engine's calls.
 */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class FaultyProcessTest {
    private static final int ROUNDS = 12;
    private static final int ANSWERS_MAX = 3_000;
    private static final int ONE_OF_CALLS = 150;
    private static final List<String> LIBFIU = List.of(
            "fiu-run",
            "-x",
            "-c",
            "enable_random name=posix/io/sync/*,probability=0.01",
            "-c",
            "enable_random name=posix/io/rw/pwrite,probability=0.003");

    private final Path folder = TestFolders.create();
    private final Path followed = folder.resolveSibling(folder.getFileName() + ".followed");
    private final WritingProcesses processes = new WritingProcesses(folder, followed);

    @AfterEach
    void delete_the_folder() throws Exception {
        TestFolders.delete(folder);
        Files.deleteIfExists(followed);
    }

    @Test
    void a_process_whose_disk_fails_by_chance_loses_nothing() throws Exception {
        RunReport report = RunReport.of(Suite.FAULTY_CALLS);
        LogEventStore.open(folder).close();
        boolean libfiu = hasLibfiu();
        int[] struck = new int[2];
        for (int round = 1; round <= ROUNDS; round++) {
            boolean bySystem = libfiu && round % 2 == 0;
            int answers = bySystem
                    ? processes.run(round, ANSWERS_MAX, LIBFIU, List.of())
                    : processes.run(round, ANSWERS_MAX, List.of(), List.of(Integer.toString(ONE_OF_CALLS)));
            if (answers > 0 && answers < ANSWERS_MAX) {
                struck[bySystem ? 1 : 0]++; // it ended by itself, because the store took no more
            }
            processes.check();
        }
        assertThat(struck[0]).as("faults in the engine's calls").isPositive();
        assertThat(struck[1] > 0).as("faults in system calls").isEqualTo(libfiu);
        report.passed("%d processes, %s answers, faults %s"
                .formatted(
                        ROUNDS,
                        RunReport.number(processes.answers()),
                        libfiu ? "by libfiu and in the engine's calls" : "in the engine's calls (no fiu-run here)"));
    }

    private static boolean hasLibfiu() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(path -> Files.isExecutable(Path.of(path, LIBFIU.getFirst())));
    }
}
