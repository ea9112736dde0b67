// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import leftfold.memory.MemoryEventStore;
import leftfold.subscription.Backoff;
import leftfold.subscription.Follower;
import leftfold.subscription.FollowerSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Read models whose database fails between any two statements, before or after the statement had its effect. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@ParameterizedClass
@EnumSource(TestDatabase.class)
class CrashTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int EVENTS = 9;
    private static final int BATCH_EVENTS_MAX = 4;

    /** Puts a fault between a database and the program. */
    private interface Between {
        DataSource put(DataSource database, Faults.Fault fault);
    }

    @Parameter
    TestDatabase kind = TestDatabase.SQLITE;

    @TempDir
    Path folder;

    private final MemoryEventStore store = new MemoryEventStore();

    @AfterEach
    void end() {
        store.close();
    }

    @Test
    void a_process_that_ends_before_any_one_statement_leaves_the_fold_of_its_checkpoint() throws Exception {
        endAtEachCall(Faults::before);
    }

    @Test
    void a_process_that_ends_after_any_one_statement_leaves_the_fold_of_its_checkpoint() throws Exception {
        endAtEachCall(Faults::after);
    }

    @Test
    void a_database_that_fails_before_every_few_statements_is_caught_up_with() throws Exception {
        failAtEvery(Faults::before);
    }

    @Test
    void a_commit_or_statement_whose_answer_is_lost_counts_once() throws Exception {
        failAtEvery(Faults::after);
    }

    /** From the n-th call on nothing reaches the database any more, for each n; then another process takes over. */
    private void endAtEachCall(Between between) throws Exception {
        new Bank(7).append(store, EVENTS);
        boolean ended = true;
        for (int n = 1; ended; n += step()) {
            DataSource database = database();
            AtomicInteger calls = new AtomicInteger();
            int last = n;
            DataSource ending = between.put(database, call -> {
                if (calls.incrementAndGet() >= last) {
                    throw new SQLException("ended at call " + last);
                }
            });
            ended = !run(ending, Backoff.none());
            checkWhatIsThere(database);
            assertThat(run(database, Backoff.none())).isTrue();
            Models.check(store, database);
        }
    }

    private void failAtEvery(Between between) throws Exception {
        new Bank(8).append(store, EVENTS);
        for (int n = 45; n <= 70; n += step()) {
            DataSource database = database();
            AtomicInteger calls = new AtomicInteger();
            int every = n;
            DataSource failing = between.put(database, call -> {
                if (calls.incrementAndGet() % every == 0) {
                    throw new SQLException("failed at call " + calls);
                }
            });
            assertThat(run(failing, failures -> Optional.of(Duration.ZERO)))
                    .as("failing every %d calls", n)
                    .isTrue();
            Models.check(store, database);
        }
    }

    /** PostgreSQL's connections take their time, and what is between two statements is the same code for both. */
    private int step() {
        return kind == TestDatabase.SQLITE ? 1 : 5;
    }

    private void checkWhatIsThere(DataSource database) throws SQLException {
        Set<String> tables = kind.names(database);
        if (tables.contains("totals_v1")) {
            long position = Models.position(database, "totals-v1");
            assertThat(Models.totals(database, "totals_v1")).isEqualTo(Models.totalsAt(store, position));
        }
        if (tables.contains("open_balances_v1")) {
            long position = Models.position(database, "open-balances-v1");
            assertThat(Models.balances(database, "open_balances_v1")).isEqualTo(Models.balancesAt(store, position));
        }
    }

    /** Runs both projections to the end of the log and returns whether both got there. */
    private boolean run(DataSource through, Backoff backoff) throws InterruptedException {
        FollowerSettings settings = FollowerSettings.standard()
                .withBackoff(backoff)
                .withBatchEventsMax(BATCH_EVENTS_MAX)
                .withThreads(Thread.ofPlatform().daemon().factory());
        ReadTables impatient = new ReadTables(through, Duration.ofSeconds(1), Duration.ofMillis(10));
        ReadDatabase readers = new ReadDatabase(through, settings, impatient);
        try (Follower totals = readers.run(store, Models.totals(1))) {
            if (!totals.await(EVENTS, LONG)) {
                return false;
            }
        }
        try (Follower balances = readers.run(store, Models.balances(1), Models.LONGS)) {
            return balances.await(EVENTS, LONG);
        }
    }

    private DataSource database() {
        return kind.open(folder);
    }
}
