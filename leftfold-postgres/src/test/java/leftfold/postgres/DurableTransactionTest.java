// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static leftfold.postgres.Accounts.append;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions of the program on a server whose default is to confirm commits that are not durable yet. */
@Tag("slow")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class DurableTransactionTest {
    private final PostgresServer server = PostgresServer.start();
    private final HikariDataSource pool = server.newSchema();

    @AfterEach
    void stop_the_server() {
        pool.close();
        server.close();
    }

    @Test
    void what_a_transaction_has_committed_survives_a_crash() throws Exception {
        server.execute("ALTER ROLE postgres SET synchronous_commit = off");
        server.execute("ALTER SYSTEM SET wal_writer_delay = '10s'");
        server.execute("SELECT pg_reload_conf()");
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            store.append(append("a", 1));
            Thread.sleep(1_500); // the notification's commit is behind
            store.transaction(tx -> tx.append(append("b", 1)));
            server.crashAndStart();
        }
        try (PostgresEventStore store = PostgresEventStore.open(server.source(pool.getSchema()))) {
            assertThat(store.head()).isEqualTo(2);
        }
    }
}
