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
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamVersion;

/** Processes that write to one store, one after the other, and the history of what all of them were told. */
final class WritingProcesses {
    private final Path folder;
    private final Path followed;
    private final List<Operation> history = new ArrayList<>();
    private int answers;

    WritingProcesses(Path folder, Path followed) {
        this.folder = folder;
        this.followed = followed;
    }

    /** Returns the number of answers over all processes. */
    int answers() {
        return answers;
    }

    /** Returns the log after checking it against all that the processes were told. */
    List<RecordedEvent> check() {
        assertThat(LogVerifier.verify(folder).damages()).isEmpty();
        try (LogEventStore store = LogEventStore.open(folder)) {
            List<RecordedEvent> log = LogHistory.events(store);
            assertThat(ConsistencyChecker.violations(history, log)).isEmpty();
            return log;
        }
    }

    /** Starts a process and kills it after {@code count} answers. */
    void runAndKill(int round, int count) throws IOException, InterruptedException {
        int heard = run(round, count, List.of(), List.of());
        assertThat(heard).as("answers in round %d", round).isPositive();
    }

    /**
     * Starts a process, by a command and with arguments of its own, and hears what it asks and is told until it ends.
     *
     * @param count the number of answers after which it is killed
     */
    int run(int round, int count, List<String> prefix, List<String> more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WritingProcess.class.getName(),
                folder.toString(),
                Integer.toString(round),
                followed.toString()));
        command.addAll(more);
        Process child = new ProcessBuilder(command)
                .redirectError(
                        more.isEmpty() && prefix.isEmpty()
                                ? ProcessBuilder.Redirect.INHERIT
                                : ProcessBuilder.Redirect.DISCARD)
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
        answers += told.heard;
        told.open.forEach((writer, asked) ->
                history.add(new Operation.Unknown(Operation.Span.unanswered(asked.invoked), asked.append)));
        return told.heard;
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
            if (line[0].equals("N")) {
                history.add(new Operation.Refused(
                        span, asked.append, new StoreException.Unavailable("as it was told", null)));
            } else if (line[0].equals("A")) {
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
