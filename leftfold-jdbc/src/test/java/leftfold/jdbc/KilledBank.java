// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import leftfold.log.LogEventStore;
import leftfold.subscription.Follower;

/** A process that appends and projects until somebody kills it. */
final class KilledBank {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int APPEND_EVENTS = 3;

    private KilledBank() {}

    /**
     * Works on the log in the folder {@code args[0]} and the read database at {@code args[1]} with the traffic of seed
     * {@code args[2]}; prints a line for each append. One read model is
     * rebuilt all the time.
     */
    public static void main(String[] args) throws InterruptedException {
        PrintStream out = System.out;
        Path folder = Path.of(args[0]);
        Bank bank = new Bank(Long.parseLong(args[2]));
        DataSource database = TestDatabase.at(args[1]);
        ReadDatabase readers = new ReadDatabase(database);
        try (LogEventStore store = LogEventStore.open(folder.resolve("log"));
                Follower balances = readers.run(store, Models.balances(1), Models.LONGS);
                Follower totals = readers.run(store, Models.totals(1))) {
            long first = bank.append(store, APPEND_EVENTS);
            if (balances.await(first, LONG) && totals.await(first, LONG)) {
                Thread.ofPlatform().daemon().start(() -> rebuildForever(readers, store));
                while (true) {
                    out.println(bank.append(store, APPEND_EVENTS));
                }
            }
            throw new IllegalStateException(balances.status() + "; " + totals.status());
        }
    }

    private static void rebuildForever(ReadDatabase readers, LogEventStore store) {
        try {
            while (true) {
                try (Rebuild rebuild = readers.rebuild(store, List.of(Models.totals(1)))) {
                    rebuild.await(LONG);
                }
                readers.models().dropOld("totals");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
