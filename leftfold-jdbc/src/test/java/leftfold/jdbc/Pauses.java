// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static leftfold.jdbc.Workplace.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import leftfold.subscription.Follower;

/** A runner that stands still, as a process does that is stopped or whose machine sleeps. */
final class Pauses {
    /** Puts somebody between a database and a program. */
    interface Between {
        DataSource put(DataSource database, Faults.Fault fault);
    }

    private Pauses() {}

    /** Has one runner stand still at its checkpoint, another take over, and the first wake up too late. */
    static void whileOneStandsStill(Workplace here, Between between) throws Exception {
        AtomicBoolean still = new AtomicBoolean();
        CountDownLatch stands = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        DataSource pausing = between.put(here.database, call -> {
            if (still.get() && call.startsWith("UPDATE leftfold_build SET position")) {
                stands.countDown();
                goOn.await();
            } else if (still.get() && call.startsWith("UPDATE leftfold_lease SET beat")) {
                goOn.await();
            }
        });
        Follower first = here.keep(here.door(pausing).run(here.store, Models.totals(1)));
        assertThat(first.await(here.deposit("ann", 1), LONG)).isTrue();
        still.set(true);
        here.deposit("ann", 10);
        stands.await();
        Follower second = here.run(Models.totals(1));
        assertThat(second.await(2, LONG)).isTrue();
        long last = here.deposit("ann", 100);
        assertThat(second.await(last, LONG)).isTrue();
        goOn.countDown();
        Workplace.until(() -> first.status().toString().contains("is waiting"));
        assertThat(Models.totals(here.database, "totals")).containsExactly(entry("ann", 111L));
        assertThat(Models.position(here.database, "totals-v1")).isEqualTo(last);
    }
}
