// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real process with sixteen writers, killed with SIGKILL at a random moment, several times. */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES) // what would fail often hangs instead
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class KillTest {
    private static final int ROUNDS = 5;
    private static final int LINES_MAX = 1_000;

    private final HikariDataSource pool = TestServer.newSchema();

    @AfterEach
    void close_the_pool() {
        pool.close();
    }

    @Test
    void what_a_killed_process_acknowledged_is_there_and_no_append_is_there_in_part() throws Exception {
        Random random = new Random(5);
        Set<String> acknowledged = new TreeSet<>();
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            for (int round = 1; round <= ROUNDS; round++) {
                acknowledged.addAll(runAndKill(round, 1 + random.nextInt(LINES_MAX)));

                // Waits for the log's lock, and so for what the killed process had sent.
                store.append(StreamId.of("after"), round - 1, List.of(Event.of("Killed", Data.json("{}"))));
                check(store, round, acknowledged);
            }
        }
    }

    private static void check(PostgresEventStore store, int rounds, Set<String> acknowledged) {
        List<RecordedEvent> log =
                store.read(Query.all(), 0, Direction.FORWARDS, Long.MAX_VALUE).toList();
        assertThat(log.stream().map(RecordedEvent::position))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, log.size()).boxed().toList());
        Map<String, Long> times = log.stream()
                .collect(Collectors.groupingBy(event -> event.event().id().toString(), Collectors.counting()));
        assertThat(times.values()).containsOnly(1L);
        assertThat(times.keySet()).containsAll(acknowledged);
        assertThat(store.streams().filter(one -> one.stream().category().equals("writer")))
                .allSatisfy(
                        one -> assertThat(one.version() % WritingProcess.EVENTS).isZero());
        int notAcknowledged = log.size() - rounds - acknowledged.size();
        assertThat(notAcknowledged).isBetween(0, rounds * WritingProcess.WRITERS * WritingProcess.EVENTS);
    }

    /** Returns the ids that the process printed before it was killed. */
    private Set<String> runAndKill(int round, int lines) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WritingProcess.class.getName(),
                        TestServer.source(pool.getSchema()).getURL() + "&user=postgres",
                        "round" + round)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Set<String> ids = new TreeSet<>();
        try (BufferedReader output = process.inputReader()) {
            int read = 0;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                ids.addAll(List.of(line.split(" ")));
                if (++read == lines) {
                    process.toHandle().destroyForcibly(); // what it has printed by then is read to the end
                }
            }
            assertThat(read).as("it was killed and did not end by itself").isGreaterThanOrEqualTo(lines);
        } finally {
            process.destroyForcibly().waitFor();
        }
        return ids;
    }
}
