// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import leftfold.jdbc.Movement.Closed;
import leftfold.jdbc.Movement.Deposited;
import leftfold.memory.MemoryEventStore;
import leftfold.projection.Documents;
import leftfold.projection.Projection;
import leftfold.store.EventStore;
import leftfold.subscription.Backoff;
import leftfold.subscription.Checkpoint;
import leftfold.subscription.CheckpointException;
import leftfold.subscription.Follower;
import leftfold.subscription.FollowerSettings;
import leftfold.subscription.FollowerStatus.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@ParameterizedClass
@EnumSource(TestDatabase.class)
class ReadDatabaseTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Parameter
    TestDatabase kind = TestDatabase.SQLITE;

    @TempDir
    Path folder;

    private final MemoryEventStore store = new MemoryEventStore();
    private final List<Follower> followers = new ArrayList<>();
    private DataSource database;

    @BeforeEach
    void open() {
        database = kind.open(folder);
    }

    @AfterEach
    void end() {
        followers.forEach(Follower::close);
        store.close();
    }

    @Test
    void documents_are_rows_of_a_view_with_the_projections_name() throws Exception {
        Bank.append(store, new Deposited("ann", 5));
        Bank.append(store, new Deposited("bob", 1));
        Bank.append(store, new Deposited("ann", 2));
        Bank.append(store, new Closed("bob"));
        assertThat(balances(1).await(4, LONG)).isTrue();
        assertThat(Models.balances(database, "open_balances")).containsExactly(entry("ann", 7L));
        assertThat(readers().document("open-balances", "ann", Models.LONGS)).hasValue(7L);
        assertThat(readers().document("open-balances", "bob", Models.LONGS)).isEmpty();
    }

    @Test
    void a_read_model_that_is_not_there_is_a_clear_error() {
        assertThatThrownBy(() -> readers().document("nothing", "ann", Models.LONGS))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("nothing");
    }

    @Test
    void sql_handlers_fill_several_tables() throws Exception {
        long last = new Bank(1).append(store, 200);
        assertThat(totals(1).await(last, LONG)).isTrue();
        assertThat(Models.totals(database, "totals")).isEqualTo(Models.totalsAt(store, last));
        assertThat(scalar("SELECT COUNT(*) FROM movements"))
                .isEqualTo(scalar("SELECT COUNT(*) FROM movements_v1"))
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void the_size_of_batches_makes_no_difference(int batchEventsMax) throws Exception {
        Bank bank = new Bank(2);
        bank.append(store, 60);
        ReadDatabase readers =
                new ReadDatabase(database, settings(Backoff.none()).withBatchEventsMax(batchEventsMax));
        Follower balances = keep(readers.run(store, Models.balances(1), Models.LONGS));
        Follower totals = keep(readers.run(store, Models.totals(1)));
        long last = bank.append(store, 60);
        assertThat(balances.await(last, LONG)).isTrue();
        assertThat(totals.await(last, LONG)).isTrue();
        Models.check(store, database);
    }

    @Test
    void a_restart_goes_on_at_the_checkpoint() throws Exception {
        Bank bank = new Bank(3);
        Follower first = totals(1);
        assertThat(first.await(bank.append(store, 50), LONG)).isTrue();
        first.close();
        long last = bank.append(store, 50);
        assertThat(totals(1).await(last, LONG)).isTrue();
        assertThat(Models.totals(database, "totals")).isEqualTo(Models.totalsAt(store, last));
    }

    @Test
    void a_failing_event_rolls_back_its_own_effect_alone() throws Exception {
        SqlProjection failing = SqlProjection.<Movement>declare("failing", 1, Movement.CODEC)
                .table("failing", "account TEXT NOT NULL")
                .on(Deposited.class, (sql, deposit) -> {
                    sql.update(
                            "INSERT INTO " + sql.table("failing") + " VALUES (?)",
                            deposit.event().account());
                    if (deposit.position() == 3) {
                        throw new IllegalArgumentException("poison");
                    }
                })
                .build();
        for (String account : List.of("ann", "bob", "cid", "dan")) {
            Bank.append(store, new Deposited(account, 1));
        }
        Follower follower = keep(readers().run(store, failing));
        assertThat(follower.await(4, LONG)).isFalse();
        assertThat(totals(1).await(4, LONG)).isTrue();
        UUID id = store.readStream(Bank.STREAM).toList().get(2).id();
        assertThat(follower.status().position()).isEqualTo(2);
        assertThat(follower.status().toString()).contains("failing-v1", "position 3", id.toString(), "poison");
        assertThat(scalar("SELECT COUNT(*) FROM failing_v1")).isEqualTo(2);
        assertThat(Models.position(database, "failing-v1")).isEqualTo(2);
    }

    @Test
    void a_document_that_cannot_be_folded_stops_right_there() throws Exception {
        Projection<Documents<Long>> failing = Projection.<Movement, Long>documents("failing", 1, Movement.CODEC)
                .on(
                        Deposited.class,
                        deposit -> deposit.event().account(),
                        (balance, deposit) -> deposit.event().amount())
                .on(Closed.class, closed -> closed.event().account(), (balance, closed) -> {
                    throw new IllegalArgumentException("poison");
                })
                .build();
        Bank.append(store, new Deposited("ann", 1));
        Bank.append(store, new Closed("ann"));
        Bank.append(store, new Deposited("ann", 2));
        Follower follower = keep(readers().run(store, failing, Models.LONGS));
        assertThat(follower.await(3, LONG)).isFalse();
        assertThat(failure(follower)).hasMessage("poison");
        assertThat(Models.balances(database, "failing_v1")).containsExactly(entry("ann", 1L));
    }

    @Test
    void a_second_runner_waits_and_takes_over_when_the_first_has_ended() throws Exception {
        Follower one = totals(1);
        assertThat(one.await(Bank.append(store, new Deposited("ann", 1)), LONG)).isTrue();
        Follower other = totals(1);
        String waiting =
                "totals-v1 is run by process " + ProcessHandle.current().pid();
        Workplace.until(() -> other.status().toString().contains(waiting));
        one.close();
        assertThat(other.await(Bank.append(store, new Deposited("ann", 1)), LONG))
                .isTrue();
        assertThat(Models.totals(database, "totals")).containsExactly(entry("ann", 2L));
    }

    @Test
    void a_read_database_restored_under_a_running_projection_stops_it() throws Exception {
        Follower follower = totals(1);
        assertThat(follower.await(new Bank(4).append(store, 20), LONG)).isTrue();
        execute("UPDATE leftfold_build SET position = 3");
        Bank.append(store, new Deposited("ann", 1));
        assertThat(follower.await(21, LONG)).isFalse();
        assertThat(failure(follower))
                .isInstanceOfSatisfying(
                        CheckpointException.Moved.class,
                        moved -> assertThat(moved.found()).isEqualTo(3));
    }

    @Test
    void the_read_models_of_another_log_are_refused() throws Exception {
        Follower first = totals(1);
        assertThat(first.await(new Bank(5).append(store, 20), LONG)).isTrue();
        first.close();
        try (EventStore other = new MemoryEventStore()) {
            Bank.append(other, new Deposited("ann", 1));
            Follower follower = keep(readers().run(other, Models.totals(1)));
            assertThat(follower.await(1, LONG)).isFalse();
            assertThat(failure(follower)).isInstanceOf(CheckpointException.OtherLog.class);
        }
        assertThat(Models.totals(database, "totals")).isEqualTo(Models.totalsAt(store, 20));
    }

    @Test
    void a_view_whose_name_is_taken_is_refused_and_nothing_is_left_behind() throws Exception {
        execute("CREATE TABLE totals (something TEXT)");
        Bank.append(store, new Deposited("ann", 1));
        Follower follower = totals(1);
        assertThat(follower.await(1, LONG)).isFalse();
        assertThat(failure(follower))
                .isInstanceOf(ReadModelException.NameTaken.class)
                .hasMessageContaining("totals");
        assertThat(kind.names(database)).noneMatch(name -> name.endsWith("_v1"));
    }

    @Test
    void checkpoints_of_other_followers_stand_in_the_same_table() {
        JdbcCheckpoints checkpoints = new JdbcCheckpoints(database);
        UUID log = UUID.randomUUID();
        Checkpoint none = checkpoints.load("mailer", log);
        assertThat(none.position()).isZero();
        Checkpoint moved = checkpoints.move(none, 7);
        assertThat(new JdbcCheckpoints(database).load("mailer", log)).isEqualTo(moved);
        assertThatThrownBy(() -> checkpoints.move(none, 9))
                .isInstanceOf(CheckpointException.Moved.class)
                .hasMessageContaining("is at position 7, not at 0");
        assertThatThrownBy(() -> checkpoints.load("mailer", UUID.randomUUID()))
                .isInstanceOf(CheckpointException.OtherLog.class);
        assertThat(checkpoints.load("mailer", log)).isEqualTo(moved);
    }

    private ReadDatabase readers() {
        return new ReadDatabase(database, settings(Backoff.none()));
    }

    private Follower totals(int projectionVersion) {
        return keep(readers().run(store, Models.totals(projectionVersion)));
    }

    private Follower balances(int projectionVersion) {
        return keep(readers().run(store, Models.balances(projectionVersion), Models.LONGS));
    }

    private Follower keep(Follower follower) {
        followers.add(follower);
        return follower;
    }

    private long scalar(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static FollowerSettings settings(Backoff backoff) {
        return FollowerSettings.standard()
                .withBackoff(backoff)
                .withThreads(Thread.ofPlatform().daemon().factory());
    }

    private static Throwable failure(Follower follower) {
        return switch (follower.status().state()) {
            case State.Failed(long position, UUID id, Throwable cause) -> cause;
            case State.Running() -> throw new AssertionError("running");
            case State.Waiting(String reason) -> throw new AssertionError(reason);
            case State.Stopped() -> throw new AssertionError("stopped");
        };
    }
}
