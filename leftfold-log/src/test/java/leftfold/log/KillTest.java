// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real process with 16 writers on a real disk, killed with SIGKILL at a random moment, again and again. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class KillTest {
    private static final int ROUNDS = Integer.getInteger("leftfold.kill.rounds", 30);
    private static final int ACKNOWLEDGEMENTS_MAX = 4_000;

    private final Path folder = TestFolders.create();

    @AfterEach
    void delete_the_folder() {
        TestFolders.delete(folder);
    }

    @Test
    void no_acknowledged_event_is_lost_or_doubled_and_every_append_is_whole() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        Map<Integer, Long> acknowledged = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            int before = acknowledged.size();
            runAndKill(random.nextInt(1, ACKNOWLEDGEMENTS_MAX), acknowledged);

            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(Math.max(1, before));
            assertThat(LogVerifier.verify(folder).damages()).isEmpty();
            check(acknowledged);
        }
    }

    /** Reads acknowledgements from a writing process, kills it after {@code count}, and keeps those under way too. */
    private void runAndKill(int count, Map<Integer, Long> acknowledged) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        WritingProcess.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = child.inputReader()) {
            String line = output.readLine();
            for (int i = 0; line != null; i++) {
                if (i == count) {
                    child.toHandle().destroyForcibly(); // unlike the process itself, this leaves its output open
                }
                String[] parts = line.split(" ", -1);
                if (parts.length == 3) { // the kill can cut the last line short
                    acknowledged.merge(Integer.valueOf(parts[0]), Long.valueOf(parts[1]), Math::max);
                }
                line = output.readLine();
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    /** Each writer appends to a stream of its own, one append at a time: at most the last one is not acknowledged. */
    private void check(Map<Integer, Long> acknowledged) {
        try (LogEventStore store = LogEventStore.open(folder)) {
            for (int writer = 0; writer < WritingProcess.WRITERS; writer++) {
                StreamId stream = WritingProcess.stream(writer);
                List<RecordedEvent> events;
                try (Stream<RecordedEvent> found = store.readStream(stream)) {
                    events = found.toList();
                }
                long version = events.size();
                assertThat(version)
                        .isBetween(acknowledged.getOrDefault(writer, 0L), Long.MAX_VALUE)
                        .matches(v -> v % WritingProcess.EVENTS_PER_APPEND == 0, "holds whole appends only");
                assertThat(events)
                        .extracting(RecordedEvent::version)
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(1, version).boxed().toList());
                assertThat(events).extracting(RecordedEvent::id).doesNotHaveDuplicates();
            }
        }
    }
}
