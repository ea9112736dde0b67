// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import javax.sql.DataSource;
import leftfold.log.LogEventStore;
import leftfold.subscription.Follower;

/** A process that appends and projects until somebody kills it. */
final class KilledBank {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int APPEND_EVENTS = 3;

    private KilledBank() {}

    /** Works in the folder {@code args[0]} on the traffic of seed {@code args[1]}; prints a line for each append. */
    public static void main(String[] args) throws InterruptedException {
        PrintStream out = System.out;
        Path folder = Path.of(args[0]);
        Bank bank = new Bank(Long.parseLong(args[1]));
        DataSource database = Sqlite.open(folder.resolve("models.db"));
        ReadDatabase readers = new ReadDatabase(database);
        try (LogEventStore store = LogEventStore.open(folder.resolve("log"));
                Follower balances = readers.run(store, Models.balances(1), Models.LONGS);
                Follower totals = readers.run(store, Models.totals(1))) {
            long first = bank.append(store, APPEND_EVENTS);
            if (balances.await(first, LONG) && totals.await(first, LONG)) {
                while (true) {
                    out.println(bank.append(store, APPEND_EVENTS));
                }
            }
            throw new IllegalStateException(balances.status() + "; " + totals.status());
        }
    }
}
