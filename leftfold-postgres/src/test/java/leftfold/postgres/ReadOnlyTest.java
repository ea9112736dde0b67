// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import leftfold.jdbc.JdbcProjection;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A session whose operator, or whose program, wants nothing to be written: whatever writes is refused alike. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ReadOnlyTest {
    private static final StreamId STREAM = StreamId.of("order-1");

    private final HikariDataSource pool = TestServer.newSchema();

    @AfterEach
    void close() {
        pool.close();
    }

    private static List<Event> event() {
        return List.of(Event.of("Placed", Data.json("{}")));
    }

    /** Returns connections that only read, by the session's default or as the program asks the driver. */
    private PGSimpleDataSource reading(String how) {
        PGSimpleDataSource source = TestServer.source(pool.getSchema());
        if (how.equals("driver")) {
            source.setReadOnly(true);
        } else {
            source.setOptions("-c default_transaction_read_only=on");
        }
        return source;
    }

    private static void assertRefused(ThrowingCallable write) {
        assertThatThrownBy(write)
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("append to the primary")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"session", "driver"})
    void appends_transactions_and_copies_are_refused_and_reads_are_not(String how) {
        List<RecordedEvent> copied;
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            store.append(STREAM, 0, event());
            copied = store.readStream(STREAM).toList();
        }
        try (PostgresEventStore reader = PostgresEventStore.open(reading(how))) {
            assertRefused(() -> reader.append(STREAM, 1, event()));
            assertRefused(() -> reader.transaction(tx -> tx.append(STREAM, 1, event())));
            assertRefused(() -> reader.restore(copied));
            assertThat(reader.<List<RecordedEvent>, RuntimeException>transaction(
                            tx -> reader.readStream(STREAM).toList()))
                    .isEqualTo(copied);
            assertThat(reader.head()).isEqualTo(1);
        }
    }

    @Test
    void inline_read_models_do_not_make_an_append_writable() throws Exception {
        PostgresEventStore.open(pool).close();
        PGSimpleDataSource role = TestServer.role(pool.getSchema(), "ALL ON ALL TABLES");
        TestServer.RUNNING.execute("GRANT CREATE ON SCHEMA " + pool.getSchema() + " TO " + role.getUser());
        List<JdbcProjection> inline = List.of(Accounts.balances(1, 1));
        try (PostgresEventStore store = PostgresEventStore.open(role, PostgresOptions.defaults(), inline)) {
            TestServer.RUNNING.execute("ALTER ROLE " + role.getUser() + " SET default_transaction_read_only = on");

            assertRefused(() -> store.append(Accounts.append("a", 5)));
            assertThat(store.head()).isZero();
        }
    }

    @Test
    void messages_are_not_published() throws SQLException {
        Outbox outbox = Outbox.open(pool);
        try (Connection connection = reading("session").getConnection()) {
            connection.setAutoCommit(false);
            OutboxMessage message = OutboxMessage.of("a", "Placed", Data.json("{}"));

            assertThatThrownBy(() -> Outbox.publish(connection, message))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("only reads")
                    .hasMessageNotContaining("\n");
        }
        assertThat(outbox.status().waiting()).isZero();
    }
}
