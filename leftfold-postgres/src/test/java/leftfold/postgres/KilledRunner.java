// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.io.PrintStream;
import java.time.Duration;
import leftfold.jdbc.ReadDatabase;
import leftfold.subscription.Follower;
import org.postgresql.ds.PGSimpleDataSource;

/** A process that projects until somebody kills it. */
final class KilledRunner {
    /** What the server knows its connections by. */
    static final String NAME = "killed-runner";

    private static final Duration LONG = Duration.ofSeconds(60);

    private KilledRunner() {}

    /** Follows the log at {@code args[0]}; prints a line each time that its read models have got further. */
    public static void main(String[] args) throws InterruptedException {
        PrintStream out = System.out;
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setURL(args[0]);
        database.setUser("postgres");
        database.setApplicationName(NAME);
        ReadDatabase readers = new ReadDatabase(database);
        try (PostgresEventStore store = PostgresEventStore.open(database);
                Follower balances = readers.run(store, Accounts.balances(1, 1));
                Follower totals = readers.run(store, Accounts.totals())) {
            long next = 1;
            while (balances.await(next, LONG) && totals.await(next, LONG)) {
                out.println(next);
                next = Math.min(balances.status().position(), totals.status().position()) + 1;
            }
            throw new IllegalStateException(balances.status() + "; " + totals.status());
        }
    }
}
