// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static leftfold.jdbc.Workplace.LONG;
import static leftfold.jdbc.Workplace.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import leftfold.jdbc.Movement.Closed;
import leftfold.jdbc.Movement.Deposited;
import leftfold.projection.Projection;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.subscription.CheckpointException;
import leftfold.subscription.Follower;
import org.junit.jupiter.api.Test;

/** What is refused, and what it says. */
class RefusalTest extends AtWorkplace {
    @Test
    void another_declaration_under_the_same_version_is_refused_and_says_what_to_do() throws Exception {
        assertThat(here.run(counts("id BIGINT", 1)).await(here.deposit("ann", 1), LONG))
                .isTrue();
        assertThat(failure(here.run(counts("id BIGINT, note TEXT", 1))))
                .isInstanceOf(ReadModelException.DeclarationChanged.class)
                .hasMessage("the declaration of counts-v1 has changed since its read model was built; give it"
                        + " projectionVersion 2, which is built beside this one");
        assertThat(failure(here.run(new DocumentProjection<>(
                        Projection.<Movement, Long>documents("counts", 1, Movement.CODEC)
                                .onDelete(Closed.class, closed -> closed.event().account())
                                .build(),
                        Models.LONGS))))
                .isInstanceOf(ReadModelException.DeclarationChanged.class);
        assertThat(here.run(counts("id BIGINT, note TEXT", 2)).await(1, LONG)).isTrue();
    }

    @Test
    void the_same_projection_twice_at_one_door_is_refused() {
        ReadDatabase door = here.door();
        here.keep(door.run(here.store, Models.totals(1)));
        assertThatThrownBy(() -> door.run(here.store, Models.totals(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("totals-v1 runs here already");
    }

    @Test
    void a_view_of_another_projection_is_not_taken_over() throws Exception {
        assertThat(here.run(Models.totals(1)).await(here.deposit("ann", 1), LONG))
                .isTrue();
        SqlProjection thief = SqlProjection.<Movement>declare("thief", 1, Movement.CODEC)
                .table("totals", "id BIGINT")
                .on(Deposited.class, (sql, deposit) -> {})
                .build();
        assertThat(failure(here.run(thief)))
                .isInstanceOf(ReadModelException.NameTaken.class)
                .hasMessageContaining("already has something named totals");
        assertThat(Models.totals(here.database, "totals")).containsEntry("ann", 1L);
    }

    @Test
    void a_checkpoint_without_its_tables_is_refused() throws Exception {
        try (Follower follower = here.run(Models.totals(1))) {
            assertThat(follower.await(here.deposit("ann", 1), LONG)).isTrue();
        }
        here.execute("DROP VIEW movements");
        here.execute("DROP TABLE movements_v1");
        assertThat(failure(here.run(Models.totals(1))))
                .isInstanceOf(ReadModelException.TablesMissing.class)
                .hasMessageContaining("totals-v1 is at position 1, but its table movements_v1 is gone");
    }

    @Test
    void a_read_database_restored_from_an_older_backup_is_caught_up_with() throws Exception {
        here.deposit("ann", 1);
        try (Follower follower = here.run(Models.totals(1))) {
            assertThat(follower.await(1, LONG)).isTrue();
        }
        here.execute("CREATE TABLE backup_totals AS SELECT * FROM totals_v1");
        here.execute("CREATE TABLE backup_movements AS SELECT * FROM movements_v1");
        here.execute("CREATE TABLE backup_build AS SELECT * FROM leftfold_build");
        here.deposit("ann", 2);
        try (Follower follower = here.run(Models.totals(1))) {
            assertThat(follower.await(2, LONG)).isTrue();
        }
        for (String table : List.of("totals_v1", "movements_v1", "leftfold_build")) {
            here.execute("DELETE FROM " + table);
            here.execute("INSERT INTO " + table + " SELECT * FROM backup_"
                    + table.replace("_v1", "").replace("leftfold_", ""));
        }
        assertThat(here.run(Models.totals(1)).await(2, LONG)).isTrue();
        assertThat(Models.totals(here.database, "totals")).containsEntry("ann", 3L);
    }

    @Test
    void a_log_that_was_restored_behind_the_checkpoint_is_refused() throws Exception {
        here.deposit("ann", 1);
        long last = here.deposit("ann", 2);
        try (Follower follower = run(here.store)) {
            assertThat(follower.await(last, LONG)).isTrue();
        }
        EventStore older = new ScopedStore(here.store, Query.all(), 1);
        assertThat(failure(run(older)))
                .isInstanceOf(CheckpointException.AheadOfLog.class)
                .hasMessageContaining("is at position 2, but the log ends at 1");
    }

    @Test
    void a_log_that_was_restored_and_has_grown_on_since_is_refused() throws Exception {
        here.deposit("ann", 1);
        try (Follower follower = run(here.store)) {
            assertThat(follower.await(1, LONG)).isTrue();
        }
        here.execute("UPDATE leftfold_build SET event_id = '" + UUID.randomUUID() + "'");
        assertThat(failure(run(here.store)))
                .isInstanceOf(CheckpointException.OtherHistory.class)
                .hasMessageContaining("made with another event at position 1 than the log has there");
    }

    @Test
    void a_key_or_a_text_that_is_null_stops_the_projection_at_its_event() throws Exception {
        here.deposit("ann", 1);
        Follower noKey = here.run(new DocumentProjection<>(
                Projection.<Movement, Long>documents("no-key", 1, Movement.CODEC)
                        .on(Deposited.class, deposit -> nothing(), (before, deposit) -> 1L)
                        .build(),
                Models.LONGS));
        assertThat(failure(noKey)).hasMessageContaining("the key of a Deposited event is null");
        Follower noText = here.run(new DocumentProjection<>(
                Projection.<Movement, Long>documents("no-text", 1, Movement.CODEC)
                        .on(Deposited.class, deposit -> "all", (before, deposit) -> 1L)
                        .build(),
                DocumentCodec.of(document -> nothing(), Long::valueOf)));
        assertThat(failure(noText)).hasMessageContaining("the codec made null of a document");
        assertThat(noText.status().toString()).contains("failed at event", "position 1");
    }

    @Test
    void a_handler_that_commits_stops_the_projection_at_its_event() throws Exception {
        SqlProjection committing = SqlProjection.<Movement>declare("committing", 1, Movement.CODEC)
                .table("committing", "amount BIGINT NOT NULL")
                .on(Deposited.class, (sql, deposit) -> {
                    long amount = deposit.event().amount();
                    sql.update("INSERT INTO " + sql.table("committing") + " VALUES (?)", amount);
                    if (amount == 13) {
                        sql.connection().commit();
                    }
                })
                .build();
        here.deposit("ann", 1);
        here.deposit("bob", 13);
        here.deposit("cid", 2);
        Follower follower = here.run(committing);
        assertThat(Workplace.failure(follower)).hasMessageContaining("commit is refused");
        assertThat(Models.position(here.database, "committing-v1")).isEqualTo(1);
        assertThat(here.number("SELECT SUM(amount) FROM committing_v1")).isEqualTo(1);
    }

    @Test
    void a_handler_that_hangs_shows_in_the_status() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        SqlProjection hanging = SqlProjection.<Movement>declare("hanging", 1, Movement.CODEC)
                .table("hanging", "id BIGINT")
                .on(Deposited.class, (sql, deposit) -> never.await())
                .build();
        here.deposit("ann", 1);
        try (Follower follower = here.run(hanging)) {
            Workplace.until(() -> follower.status().progress().busy().toMillis() > 20);
            assertThat(follower.status().position()).isZero();
            never.countDown();
        }
    }

    @Test
    void inputs_that_go_round_are_refused_and_say_how() throws Exception {
        assertThat(here.run(after("one", "two")).await(0, LONG)).isTrue();
        assertThat(here.run(after("two", "three")).await(0, LONG)).isTrue();
        assertThat(failure(here.run(after("three", "one"))))
                .isInstanceOf(ReadModelException.Cycle.class)
                .hasMessageContaining("three after one after two after three");
    }

    private Follower run(EventStore store) {
        return here.keep(here.door().run(store, Models.totals(1)));
    }

    private static SqlProjection counts(String columns, int projectionVersion) {
        return SqlProjection.<Movement>declare("counts", projectionVersion, Movement.CODEC)
                .table("counts", columns)
                .on(
                        Deposited.class,
                        (sql, deposit) -> sql.update("INSERT INTO " + sql.table("counts") + " (id) VALUES (1)"))
                .build();
    }

    private static SqlProjection after(String name, String input) {
        return SqlProjection.<Movement>declare(name, 1, Movement.CODEC)
                .table(name, "id BIGINT")
                .on(Deposited.class, (sql, deposit) -> {})
                .after(input)
                .build();
    }

    /** What the compiler would not let through. */
    @SuppressWarnings("NullAway")
    private static String nothing() {
        return null;
    }
}
