// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import leftfold.postgres.PostgresEventStore;
import leftfold.store.Append;

/**
 * What the caller's own transaction costs: many callers that each append one event in a transaction of theirs, beside
 * the same that leave the transaction to the store, which makes one for all that wait.
 */
final class TransactionCase {
    static final String NAME = "postgres-append-transaction-64";

    private static final int CALLERS = 64;
    private static final int STREAMS = 1_000;

    private TransactionCase() {}

    static Row run(PostgresServer.Running server, Rounds rounds)
            throws SQLException, InterruptedException, ExecutionException {
        HostedPeer.renew(server, "bench_transaction");
        try (HikariDataSource pool = LeftfoldPostgresPeer.pool(server.url("bench_transaction"));
                PostgresEventStore store = PostgresEventStore.open(pool)) {
            ServedRounds appends = new ServedRounds(server, callers(0, store::append));
            ServedRounds transactions = new ServedRounds(
                    server, callers(CALLERS, append -> store.transaction(transaction -> transaction.append(append))));
            appends.warmUp(rounds.probeNanos());
            transactions.warmUp(rounds.probeNanos());
            for (int round = 0; round < rounds.count(); round++) {
                appends.run(rounds.nanos());
                transactions.run(rounds.nanos());
            }
            double without = appends.row("", Goal.NONE).eventsPerSecond();
            return transactions
                    .row(NAME, Goal.NONE)
                    .with("events_per_second_without", without)
                    .with("server_cpu_us_per_event_without", appends.cpuMicros())
                    .withNote("server %.1f us CPU an event; without transactions of their own %,.0f/s and %.1f us"
                            .formatted(transactions.cpuMicros(), without, appends.cpuMicros()));
        }
    }

    private static List<Callable<Integer>> callers(int first, Consumer<Append> way) {
        List<Callable<Integer>> callers = new ArrayList<>();
        for (int i = 1; i <= CALLERS; i++) {
            Workload workload = new Workload(first + i, STREAMS);
            callers.add(() -> {
                way.accept(workload.next(1));
                return 1;
            });
        }
        return callers;
    }
}
