// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import leftfold.store.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A real process with 16 writers and a follower on a real disk, killed with SIGKILL at a random moment, many times.
 */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class KillTest {
    private static final int ROUNDS = Integer.getInteger("leftfold.kill.rounds", 50);
    private static final int ANSWERS_MAX = 1_500;

    private final Path folder = TestFolders.create();
    private final Path followed = folder.resolveSibling(folder.getFileName() + ".followed");
    private final WritingProcesses processes = new WritingProcesses(folder, followed);

    @AfterEach
    void delete_the_folder() {
        TestFolders.delete(folder);
        TestFolders.delete(followed);
    }

    @Test
    void no_acknowledged_event_is_lost_and_the_follower_sees_the_log_in_its_order() throws Exception {
        RunReport report = RunReport.of(Suite.KILLS);
        SplittableRandom random = new SplittableRandom(7);
        int seen = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            processes.runAndKill(round, random.nextInt(1, ANSWERS_MAX));

            List<RecordedEvent> log = processes.check();
            seen = checkFollower(log);
        }
        assertThat(seen).isPositive();
        report.passed("%d kills, %d writers, %s answers, %s events followed"
                .formatted(
                        ROUNDS, WritingProcess.WRITERS, RunReport.number(processes.answers()), RunReport.number(seen)));
    }

    private int checkFollower(List<RecordedEvent> log) throws IOException {
        List<String> lines = WritingProcess.whole(followed);
        assertThat(lines.size()).isLessThanOrEqualTo(log.size());
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i) + "\n").isEqualTo(WritingProcess.line(log.get(i)));
        }
        return lines.size();
    }
}
