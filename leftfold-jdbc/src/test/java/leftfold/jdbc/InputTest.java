// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static leftfold.jdbc.Workplace.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import leftfold.jdbc.Movement.Deposited;
import leftfold.projection.Projection;
import leftfold.subscription.Follower;
import org.junit.jupiter.api.Test;

/** A projection that looks into another one's read model. */
class InputTest extends AtWorkplace {
    @Test
    void it_is_given_events_up_to_its_inputs_checkpoint_in_a_rebuild_too() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        // Documents are folded before their transaction, which in SQLite would hold up all others while it waits.
        JdbcProjection input = new DocumentProjection<>(
                Projection.<Movement, Long>documents("names", 1, Movement.CODEC)
                        .on(Deposited.class, deposit -> String.valueOf(deposit.position()), (before, deposit) -> {
                            if (deposit.position() == 3) {
                                await(goOn);
                            }
                            return 1L;
                        })
                        .build(),
                Models.LONGS);
        here.deposit("ann", 1);
        here.deposit("bob", 2);
        Follower names = here.run(input);
        assertThat(names.await(2, LONG)).isTrue();
        Follower looking = here.run(looking());
        assertThat(looking.await(2, LONG)).isTrue();
        for (int i = 0; i < 5; i++) {
            here.deposit("cid", 1);
        }
        Rebuild rebuild = here.rebuild(looking());
        Workplace.until(() -> rebuild.status().getFirst().position() == 2);
        assertThat(looking.status().position()).isEqualTo(2);
        assertThat(rebuild.shown()).isFalse();
        goOn.countDown();
        assertThat(rebuild.await(LONG)).isTrue();
        assertThat(here.models().await("looking", 7, LONG)).isTrue();
        assertThat(here.number("SELECT COUNT(*) FROM looking WHERE seen > 0")).isEqualTo(7);
    }

    @Test
    void without_its_input_it_waits() throws Exception {
        here.deposit("ann", 1);
        Follower looking = here.run(looking());
        assertThat(looking.await(1, Duration.ofMillis(100))).isFalse();
        assertThat(looking.status().position()).isZero();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SqlProjection looking() {
        return SqlProjection.<Movement>declare("looking", 1, Movement.CODEC)
                .table("looking", "id BIGINT NOT NULL PRIMARY KEY, seen BIGINT NOT NULL")
                .on(
                        Deposited.class,
                        (sql, deposit) -> sql.update(
                                "INSERT INTO " + sql.table("looking") + " SELECT ?, COUNT(*) FROM names WHERE key = ?",
                                deposit.position(),
                                String.valueOf(deposit.position())))
                .after("names")
                .build();
    }
}
