// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static leftfold.jdbc.Workplace.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import leftfold.jdbc.Movement.Deposited;
import leftfold.jdbc.ProjectionStatus.State;
import leftfold.subscription.Follower;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A read model built anew beside the one that is read. */
class RebuildTest extends AtWorkplace {
    @Test
    void a_rebuild_takes_the_place_of_the_build_that_is_read_and_a_runner_goes_on_with_it() throws Exception {
        long last = new Bank(1).append(here.store, 300);
        Follower runner = here.run(Models.totals(1));
        assertThat(runner.await(last, LONG)).isTrue();
        here.execute("UPDATE totals_v1 SET total = 0");
        Rebuild rebuild = here.rebuild(Models.totals(1));
        assertThat(rebuild.await(LONG)).isTrue();
        assertThat(Models.totals(here.database, "totals")).isEqualTo(Models.totalsAt(here.store, last));
        assertThat(states()).isEqualTo(Map.of("totals-v1.1", State.KEPT, "totals-v1.2", State.LIVE));
        rebuild.close();
        long more = here.deposit("ann", 5);
        assertThat(here.models().await("totals", more, LONG)).isTrue();
        assertThat(Models.totals(here.database, "totals")).isEqualTo(Models.totalsAt(here.store, more));
        assertThat(Models.position(here.database, "totals-v1")).isEqualTo(last);
    }

    @Tag("slow")
    @Test
    void a_reader_sees_a_complete_model_all_the_time() throws Exception {
        Follower runner = here.run(Models.totals(1));
        AtomicLong shown = new AtomicLong(new Bank(2).append(here.store, 400));
        assertThat(runner.await(shown.get(), LONG)).isTrue();
        AtomicBoolean ended = new AtomicBoolean();
        AtomicInteger looks = new AtomicInteger();
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            while (!ended.get()) {
                long atLeast = shown.get();
                long sum = sum("SELECT SUM(total) FROM totals");
                long counted = sum("SELECT SUM(amount) FROM movements");
                // Two looks at a growing model: the second sees as much as the first, and both all of what was awaited.
                assertThat(counted).isGreaterThanOrEqualTo(sum);
                assertThat(sum).isGreaterThanOrEqualTo(sumAt(atLeast));
                looks.incrementAndGet();
            }
        });
        for (int round = 0; round < 3; round++) {
            Rebuild rebuild = here.rebuild(Models.totals(1));
            while (!rebuild.shown() && !reader.isDone()) {
                long position = here.deposit("ann", 1);
                assertThat(here.models().await("totals", position, LONG)).isTrue();
                shown.set(position);
            }
            rebuild.close();
        }
        ended.set(true);
        reader.join();
        assertThat(looks.get()).isGreaterThan(3);
    }

    @Test
    void a_rebuild_that_broke_off_goes_on_where_it_was() throws Exception {
        long last = new Bank(3).append(here.store, 300);
        assertThat(here.run(Models.totals(1)).await(last, LONG)).isTrue();
        CountDownLatch halfBuilt = new CountDownLatch(1);
        AtomicInteger moves = new AtomicInteger();
        ReadDatabase breaking = here.door(Faults.before(here.database, call -> {
            if (call.startsWith("UPDATE leftfold_build SET position") && moves.incrementAndGet() == 3) {
                halfBuilt.countDown();
                throw new SQLException("the process ends here");
            }
        }));
        Rebuild first = breaking.rebuild(here.store, List.of(Models.totals(1)));
        halfBuilt.await();
        assertThat(first.await(LONG)).isFalse();
        first.close();
        long reached = Models.position(here.database, "totals-v1.2");
        assertThat(reached).isBetween(1L, last - 1);
        assertThat(states()).containsEntry("totals-v1.2", State.BUILDING);
        assertThat(here.rebuild(Models.totals(1)).await(LONG)).isTrue();
        assertThat(states()).containsOnlyKeys("totals-v1.1", "totals-v1.2");
        assertThat(Models.totals(here.database, "totals")).isEqualTo(Models.totalsAt(here.store, last));
    }

    @Test
    void several_rebuilds_read_the_log_once() throws Exception {
        long last = new Bank(4).append(here.store, 3_000);
        CountingStore counting = new CountingStore(here.store);
        try (Rebuild rebuild =
                here.door().rebuild(counting, List.of(Models.totals(1), Workplace.balances(1), balancesTwice()))) {
            assertThat(rebuild.await(LONG)).isTrue();
            assertThat(rebuild.status()).allMatch(status -> status.position() == last);
        }
        assertThat(counting.subscribed()).as("events that subscriptions read").isLessThan(2 * last);
        assertThat(Models.balances(here.database, "open_balances")).isEqualTo(Models.balancesAt(here.store, last));
    }

    @Test
    void one_rebuild_that_fails_does_not_hold_up_the_others() throws Exception {
        long last = new Bank(5).append(here.store, 100);
        SqlProjection failing = SqlProjection.<Movement>declare("failing", 1, Movement.CODEC)
                .table("failing", "account TEXT NOT NULL")
                .on(Deposited.class, (sql, deposit) -> {
                    throw new IllegalArgumentException("poison");
                })
                .build();
        Rebuild rebuild = here.rebuild(failing, Models.totals(1));
        assertThat(rebuild.await(LONG)).isFalse();
        assertThat(Models.totals(here.database, "totals")).isEqualTo(Models.totalsAt(here.store, last));
        assertThat(rebuild.status().getFirst().toString()).contains("failing-v1 failed at event", "poison");
    }

    @Test
    void a_rollback_shows_the_build_before_and_a_runner_catches_up_with_it() throws Exception {
        long last = new Bank(6).append(here.store, 50);
        Follower runner = here.run(Models.totals(1));
        assertThat(runner.await(last, LONG)).isTrue();
        try (Rebuild rebuild = here.rebuild(Models.totals(1))) {
            assertThat(rebuild.await(LONG)).isTrue();
        }
        ProjectionStatus back = here.models().rollback(here.store, "totals");
        assertThat(back.build()).isEqualTo(1);
        assertThat(back.state()).isEqualTo(State.LIVE);
        long more = here.deposit("ann", 7);
        assertThat(here.models().await("totals", more, LONG)).isTrue();
        assertThat(states()).isEqualTo(Map.of("totals-v1.1", State.LIVE, "totals-v1.2", State.KEPT));
        assertThat(Models.totals(here.database, "totals")).isEqualTo(Models.totalsAt(here.store, more));
    }

    @Test
    void a_new_version_that_was_rolled_back_does_not_come_forward_by_itself() throws Exception {
        long last = new Bank(7).append(here.store, 50);
        assertThat(here.run(Models.totals(1)).await(last, LONG)).isTrue();
        Follower second = here.run(Models.totals(2));
        assertThat(second.await(last, LONG)).isTrue();
        here.models().rollback(here.store, "totals");
        second.close();
        Follower again = here.run(Models.totals(2));
        assertThat(again.await(here.deposit("ann", 1), LONG)).isTrue();
        assertThat(states()).isEqualTo(Map.of("totals-v1.1", State.LIVE, "totals-v2.1", State.KEPT));
    }

    @Test
    void without_an_earlier_build_there_is_nothing_to_roll_back_to() throws Exception {
        assertThat(here.run(Models.totals(1)).await(0, LONG)).isTrue();
        assertThatThrownBy(() -> here.models().rollback(here.store, "totals"))
                .isInstanceOf(ReadModelException.NotThere.class)
                .hasMessageContaining("no earlier build of totals");
    }

    @Test
    void old_builds_are_dropped_when_asked_for_and_not_while_they_are_filled() throws Exception {
        long last = new Bank(8).append(here.store, 50);
        Follower first = here.run(Models.totals(1));
        assertThat(first.await(last, LONG)).isTrue();
        Follower second = here.run(Models.totals(2));
        assertThat(second.await(last, LONG)).isTrue();
        first.close();
        assertThat(here.models().dropOld("totals")).containsExactly("totals-v1");
        assertThat(kind.names(here.database))
                .contains("totals_v2", "movements_v2")
                .doesNotContain("totals_v1", "movements_v1");
        assertThat(Models.totals(here.database, "totals")).isEqualTo(Models.totalsAt(here.store, last));
    }

    private Map<String, State> states() {
        return here.models().status(here.store).stream()
                .collect(Collectors.toMap(
                        status -> status.name() + "-v" + status.projectionVersion() + "." + status.build(),
                        ProjectionStatus::state));
    }

    private static JdbcProjection balancesTwice() {
        return SqlProjection.<Movement>declare("twice", 1, Movement.CODEC)
                .table("twice", "id BIGINT NOT NULL PRIMARY KEY")
                .on(
                        Deposited.class,
                        (sql, deposit) ->
                                sql.update("INSERT INTO " + sql.table("twice") + " VALUES (?)", deposit.position()))
                .build();
    }

    private long sumAt(long position) {
        return Models.totalsAt(here.store, position).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private long sum(String sql) {
        try (Connection connection = here.database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError("a reader fails", e);
        }
    }
}
