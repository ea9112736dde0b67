// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static leftfold.postgres.Accounts.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import leftfold.store.Query;
import leftfold.store.StoreException;
import leftfold.store.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements of the program's own that undo its appends behind the transaction's back. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OwnStatementsTest {
    private final HikariDataSource pool = TestServer.newSchema();
    private final PostgresEventStore store = PostgresEventStore.open(pool);

    @AfterEach
    void end() {
        store.close();
        pool.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ROLLBACK AND CHAIN", "ROLLBACK; BEGIN", "ROLLBACK TO SAVEPOINT before"})
    void a_transaction_whose_append_they_undid_is_not_called_committed(String undo) {
        assertThatThrownBy(() -> store.transaction(tx -> {
                    TestServer.execute(tx.connection(), "SAVEPOINT before");
                    tx.append(append("a", 1));
                    TestServer.execute(tx.connection(), undo);
                    return "done";
                }))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("nothing was written");
    }

    @Test
    void a_rollback_through_a_statements_connection_is_not_called_committed() {
        assertThatThrownBy(() -> store.transaction(tx -> {
                    tx.append(append("a", 1));
                    try (Statement statement = tx.connection().createStatement()) {
                        statement.getConnection().rollback();
                        statement.execute("SELECT 1");
                    }
                    return "done";
                }))
                .isInstanceOf(StoreException.Unavailable.class);
    }

    @Test
    void a_follower_misses_nothing_after_that() throws Exception {
        try (Subscription follower = store.subscribe(Query.all(), 0)) {
            try {
                store.transaction(tx -> {
                    tx.append(append("a", 1));
                    TestServer.execute(tx.connection(), "ROLLBACK AND CHAIN");
                    return "done";
                });
            } catch (StoreException e) {
                assertThat(e).isNotNull();
            }
            List<String> seen = new ArrayList<>();
            follower.next(10, Duration.ofMillis(300))
                    .events()
                    .forEach(one -> seen.add(one.stream().value()));
            store.append(append("b", 1));
            store.append(append("c", 1));
            for (int i = 0; i < 10; i++) {
                follower.next(10, Duration.ofMillis(100))
                        .events()
                        .forEach(one -> seen.add(one.stream().value()));
            }
            assertThat(seen).containsExactly("account-b", "account-c");
        }
    }
}
