// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import javax.sql.DataSource;
import leftfold.log.LogEventStore;
import leftfold.subscription.Follower;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Read models of a process that is killed in the middle of its work, again and again. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@ParameterizedClass
@EnumSource(TestDatabase.class)
class KillTest {
    private static final int ROUNDS = 7;
    private static final int LINES_MAX = 60;
    private static final Duration LONG = Duration.ofSeconds(20);

    @Parameter
    TestDatabase kind = TestDatabase.SQLITE;

    @TempDir
    Path folder;

    @Test
    void after_each_kill_the_read_models_are_the_folds_of_the_log_up_to_their_checkpoints() throws Exception {
        Random random = new Random(11);
        DataSource database = kind.open(folder);
        String address = kind.address(database);
        long headBefore = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            workUntilKilled(address, round, 1 + random.nextInt(LINES_MAX));
            try (LogEventStore store = LogEventStore.open(folder.resolve("log"))) {
                assertThat(store.head()).isGreaterThan(headBefore);
                headBefore = store.head();
                Models.check(store, database);
            }
        }
        catchUp(database);
    }

    /** Starts the process and kills it once it has printed so many lines; where it stands by then is chance. */
    private void workUntilKilled(String address, int seed, int lines) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledBank.class.getName(),
                        folder.toString(),
                        address,
                        String.valueOf(seed))
                .redirectError(errors.toFile())
                .start();
        try (BufferedReader output = process.inputReader()) {
            for (int line = 0; line < lines; line++) {
                assertThat(output.readLine())
                        .as(() -> "the process ended by itself: " + text(errors.toFile()))
                        .isNotNull();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private void catchUp(DataSource database) throws Exception {
        ReadDatabase readers = new ReadDatabase(database);
        try (LogEventStore store = LogEventStore.open(folder.resolve("log"));
                Follower balances = readers.run(store, Models.balances(1), Models.LONGS);
                Follower totals = readers.run(store, Models.totals(1))) {
            assertThat(balances.await(store.head(), LONG)).isTrue();
            assertThat(totals.await(store.head(), LONG)).isTrue();
            Models.check(store, database);
            assertThat(Models.totals(database, "totals")).isEqualTo(Models.totalsAt(store, store.head()));
        }
    }

    private static List<String> text(File file) {
        try {
            return Files.readAllLines(file.toPath());
        } catch (IOException e) {
            return List.of(e.toString());
        }
    }
}
