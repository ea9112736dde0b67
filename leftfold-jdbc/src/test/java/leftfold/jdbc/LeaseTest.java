// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static leftfold.jdbc.Workplace.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import leftfold.subscription.Follower;
import org.junit.jupiter.api.Test;

/** Several runners of one projection, one of which runs it. */
class LeaseTest extends AtWorkplace {
    @Test
    void a_runner_that_stands_still_is_replaced_and_its_late_write_is_refused() throws Exception {
        Pauses.whileOneStandsStill(here, Faults::before);
    }

    @Test
    void a_slow_runner_that_is_alive_keeps_its_lease() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        DataSource slow = Faults.before(here.database, call -> {
            if (call.startsWith("UPDATE leftfold_build SET position")) {
                goOn.await();
            }
        });
        Follower first = here.keep(here.door(slow).run(here.store, Models.totals(1)));
        assertThat(first.await(0, LONG)).isTrue();
        here.deposit("ann", 1);
        Follower second = here.run(Models.totals(1));
        AtomicInteger looks = new AtomicInteger();
        Workplace.until(() -> second.status().toString().contains("is run by") && looks.incrementAndGet() > 60);
        goOn.countDown();
        assertThat(first.await(1, LONG)).isTrue();
        assertThat(second.status().toString()).contains("is waiting");
    }

    @Test
    void a_database_that_is_away_for_a_while_is_waited_for() throws Exception {
        AtomicBoolean away = new AtomicBoolean();
        DataSource failing = Faults.before(here.database, call -> {
            if (away.get()) {
                throw new SQLTransientConnectionException("the network is gone");
            }
        });
        Follower follower = here.keep(here.door(failing).run(here.store, Models.totals(1)));
        assertThat(follower.await(here.deposit("ann", 1), LONG)).isTrue();
        away.set(true);
        long last = here.deposit("ann", 2);
        Workplace.until(() -> follower.status().toString().contains("the network is gone"));
        away.set(false);
        assertThat(follower.await(last, LONG)).isTrue();
        assertThat(Models.totals(here.database, "totals")).containsExactly(entry("ann", 3L));
    }

    @Test
    void a_process_of_this_machine_that_is_gone_is_not_waited_for() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Runner me = Runner.here();
        Runner dead = new Runner(gone.pid(), me.start(), me.place(), me.id());
        assertThat(dead.isDead()).isTrue();
        assertThat(me.isDead()).isFalse();
        assertThat(Runner.parse(me.toString())).isEqualTo(me);
        assertThat(new Runner(gone.pid(), me.start(), "elsewhere", me.id()).isDead())
                .isFalse();
    }
}
