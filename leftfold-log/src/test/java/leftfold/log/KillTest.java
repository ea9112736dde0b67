// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A real process with 16 writers and a follower on a real disk, killed with SIGKILL at a random moment, again and again.
 */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class KillTest {
    private static final int ROUNDS = Integer.getInteger("leftfold.kill.rounds", 50);
    private static final int ANSWERS_MAX = 1_500;

    private final Path folder = TestFolders.create();
    private final Path followed = folder.resolveSibling(folder.getFileName() + ".followed");
    private final List<Operation> history = new ArrayList<>();
    private int answers;

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
            runAndKill(round, random.nextInt(1, ANSWERS_MAX));

            assertThat(LogVerifier.verify(folder).damages()).isEmpty();
            List<RecordedEvent> log;
            try (LogEventStore store = LogEventStore.open(folder)) {
                log = LogHistory.events(store);
            }
            assertThat(ConsistencyChecker.violations(history, log)).isEmpty();
            seen = checkFollower(log);
        }
        assertThat(seen).isPositive();
        report.passed("%d kills, %d writers, %s answers, %s events followed"
                .formatted(ROUNDS, WritingProcess.WRITERS, RunReport.number(answers), RunReport.number(seen)));
    }

    /** Reads from a writing process what it asks and is told, and kills it after {@code count} answers. */
    private void runAndKill(int round, int count) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WritingProcess.class.getName(),
                        folder.toString(),
                        Integer.toString(round),
                        followed.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Answers told = new Answers(round);
        try (BufferedReader output = child.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.endsWith(" .")) { // the kill can cut the last line short
                    told.hear(line.split(" ", -1));
                }
                if (told.heard >= count) {
                    child.toHandle().destroyForcibly(); // unlike the process itself, this leaves its output open
                }
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(told.heard).as("answers in round %d", round).isPositive();
        answers += told.heard;
        told.open.forEach((writer, asked) ->
                history.add(new Operation.Unknown(Operation.Span.unanswered(asked.invoked), asked.append)));
    }

    private int checkFollower(List<RecordedEvent> log) throws IOException {
        List<String> lines = WritingProcess.whole(followed);
        assertThat(lines.size()).isLessThanOrEqualTo(log.size());
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i) + "\n").isEqualTo(WritingProcess.line(log.get(i)));
        }
        return lines.size();
    }

    private record Asked(Append append, long invoked) {}

    /** What one process prints, as operations. */
    private final class Answers {
        private final int round;
        private final Map<Integer, Asked> open = new HashMap<>();
        private int heard;

        Answers(int round) {
            this.round = round;
        }

        void hear(String[] line) {
            int writer = Integer.parseInt(line[1]);
            int number = Integer.parseInt(line[2]);
            if (line[0].equals("I")) {
                Append append = WritingProcess.append(round, writer, number, Long.parseLong(line[3]));
                open.put(writer, new Asked(append, Long.parseLong(line[4])));
                return;
            }
            heard++;
            Asked asked = open.remove(writer);
            Operation.Span span = new Operation.Span(asked.invoked, Long.parseLong(line[line.length - 2]));
            if (line[0].equals("A")) {
                StreamVersion version =
                        new StreamVersion(WritingProcess.stream(writer, number), Long.parseLong(line[4]));
                AppendResult result = new AppendResult(Long.parseLong(line[3]), List.of(version), false);
                history.add(new Operation.Appended(span, asked.append, result));
            } else {
                StoreException.Conflict conflict =
                        new StoreException.Conflict(asked.append.conditions().getFirst(), Long.parseLong(line[3]));
                history.add(new Operation.Refused(span, asked.append, conflict));
            }
        }
    }
}
