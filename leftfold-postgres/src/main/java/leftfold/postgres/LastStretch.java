// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.SQLException;
import java.time.Duration;
import leftfold.jdbc.Rebuild;
import leftfold.store.StoreException;

/**
 * The end of a rebuild whose projection is filled inline. Readers go over to the new build only where it is not behind
 * the old one, which each append takes to the log's very end; with many appends the new one would never get there. So
 * appends are stopped for a moment, while it goes the last stretch.
 */
record LastStretch(Transactions transactions) {
    private static final Duration FIRST_LOOK = Duration.ofMillis(250);
    private static final Duration LAST_LOOK = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final long LOCK_SECONDS_MAX = Duration.ofDays(1).toSeconds();
    private static final long STRETCH_EVENTS_MAX = 10_000;

    /** Returns whether readers see all the new builds; false once {@code timeout} is over, or one has failed. */
    boolean await(Rebuild rebuild, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        Duration look = FIRST_LOOK;
        while (!rebuild.await(shorter(look, Duration.ofNanos(deadline - System.nanoTime())))) {
            if (rebuild.ended() || System.nanoTime() >= deadline) {
                return rebuild.shown();
            }
            if (rebuild.status().stream().allMatch(part -> part.lagEvents() <= STRETCH_EVENTS_MAX)) {
                awaitWithoutAppends(rebuild, Duration.ofNanos(deadline - System.nanoTime()));
                look = shorter(look.multipliedBy(2), LAST_LOOK); // a reader may hold it up: let appends have their turn
            }
        }
        return true;
    }

    private void awaitWithoutAppends(Rebuild rebuild, Duration left) throws InterruptedException {
        int seconds = (int) Math.clamp(left.toSeconds(), 1, LOCK_SECONDS_MAX);
        transactions.run(transaction -> {
            try {
                Statements.lockLog(transaction.connection(), seconds);
            } catch (SQLException e) {
                throw new StoreException.Unavailable("cannot stop appends for a moment: " + Failure.describe(e), e);
            }
            return rebuild.await(MOMENT);
        });
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
