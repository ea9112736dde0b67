// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static leftfold.postgres.Accounts.append;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import leftfold.jdbc.ReadDatabase;
import leftfold.jdbc.ReadModels;
import leftfold.jdbc.Rebuild;
import leftfold.subscription.Follower;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asynchronous read models in the database and schema of the log that they follow. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Tag("slow")
class AsyncProjectionTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int ROUNDS = 4;

    @TempDir
    Path folder;

    private final HikariDataSource pool = TestServer.newSchema();
    private final PostgresEventStore store = PostgresEventStore.open(pool);
    private final ReadDatabase readers = new ReadDatabase(pool);
    private final ReadModels models = readers.models();

    @AfterEach
    void end() {
        store.close();
        pool.close();
    }

    @Test
    void after_each_kill_of_their_runner_the_read_models_are_the_folds_of_the_log_up_to_their_checkpoints()
            throws Exception {
        Random random = new Random(5);
        try (Traffic traffic = new Traffic(store)) {
            for (int round = 0; round < ROUNDS; round++) {
                Process runner = start();
                awaitLines(runner, 1 + random.nextInt(30));
                runner.destroyForcibly().waitFor();
                awaitBackendsGone();
                check();
                traffic.awaitMore(50);
            }
        }
        try (Follower balances = readers.run(store, Accounts.balances(1, 1));
                Follower totals = readers.run(store, Accounts.totals())) {
            assertThat(balances.await(store.head(), LONG)).isTrue();
            assertThat(totals.await(store.head(), LONG)).isTrue();
        }
        assertThat(Accounts.balances(pool)).isEqualTo(Accounts.folded(store));
        assertThat(Accounts.totals(pool)).isEqualTo(Accounts.folded(store));
    }

    @Test
    void another_process_takes_over_when_the_one_that_runs_a_projection_is_killed() throws Exception {
        store.append(append("a", 1));
        Process runner = start();
        try {
            awaitLines(runner, 1);
            try (Follower waiting = readers.run(store, Accounts.totals())) {
                long seen = store.append(append("a", 2)).position();
                assertThat(models.await("totals", seen, LONG)).isTrue();
                assertThat(waiting.await(0, Duration.ZERO)).as("runs already").isFalse();
                runner.destroyForcibly().waitFor();
                long last = store.append(append("a", 3)).position();
                assertThat(waiting.await(last, LONG)).isTrue();
                assertThat(Accounts.totals(pool)).isEqualTo(Accounts.folded(store));
            }
        } finally {
            runner.destroyForcibly().waitFor();
        }
    }

    @Test
    void appends_go_on_all_the_time_of_a_rebuild_and_readers_see_it_in_the_end() throws Exception {
        InlineProjectionTest.fill(store, 5_000);
        try (Follower totals = readers.run(store, Accounts.totals())) {
            assertThat(totals.await(store.head(), LONG)).isTrue();
        }
        Accounts.execute(pool, "UPDATE totals_v1 SET total = -1");
        int during;
        try (Traffic traffic = new Traffic(store);
                Rebuild rebuild = readers.rebuild(store, List.of(Accounts.totals()))) {
            int before = traffic.count();
            while (!rebuild.await(Duration.ofMillis(20))) {
                assertThat(rebuild.ended())
                        .as(() -> rebuild.status().toString())
                        .isFalse();
                traffic.awaitMore(1);
            }
            during = traffic.count() - before;
        }
        assertThat(during).isPositive();
        long shown = models.position("totals");
        assertThat(Accounts.totals(pool)).isEqualTo(Accounts.folded(store, shown));
        assertThat(shown).isGreaterThanOrEqualTo(5_000);
    }

    /** Fails unless each read model, shown or not, is the fold of the log up to its checkpoint. */
    private void check() throws SQLException {
        assertThat(Accounts.balances(pool, "balances_v1"))
                .isEqualTo(Accounts.folded(store, Accounts.position(pool, "balances-v1")));
        assertThat(Accounts.totals(pool, "totals_v1"))
                .isEqualTo(Accounts.folded(store, Accounts.position(pool, "totals-v1")));
    }

    /** Waits until the server is done with what a killed process had sent it. */
    private void awaitBackendsGone() throws SQLException {
        while (Accounts.number(
                        pool,
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + KilledRunner.NAME + "'")
                > 0) {
            Thread.onSpinWait();
        }
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledRunner.class.getName(),
                        TestServer.source(pool.getSchema()).getURL())
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
    }

    private void awaitLines(Process runner, int lines) throws IOException {
        BufferedReader output = runner.inputReader();
        for (int line = 0; line < lines; line++) {
            if (output.readLine() == null) {
                throw new AssertionError(
                        "the runner ended by itself: " + Files.readString(folder.resolve("errors.txt")));
            }
        }
    }
}
