// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Publishing, and what lies in the outbox afterwards. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class OutboxTest {
    private final OutboxFixture here = new OutboxFixture();
    private final Inbox inbox = new Inbox();

    @AfterEach
    void close() throws Exception {
        here.close();
    }

    @Test
    void a_publication_that_is_rolled_back_leaves_nothing() throws Exception {
        try (Connection connection = here.database.getConnection()) {
            connection.setAutoCommit(false);
            assertThat(Outbox.publish(connection, message("a", "1"), message("a", "2")))
                    .isEqualTo(2);
            connection.rollback();
        }
        assertThat(here.number("SELECT count(*) FROM leftfold_outbox")).isZero();
        here.publish(message("a", "3"));
        here.relay(inbox, OutboxFixture.QUICK);
        here.untilDelivered();
        assertThat(inbox.texts()).containsExactly("3");
    }

    @Test
    void messages_of_a_transaction_of_the_store_are_published_with_its_events_or_not_at_all() throws Exception {
        StreamId stream = StreamId.of("stock-mug");
        List<Event> sold = List.of(Event.of("Sold", Data.json("{}")));
        try (PostgresEventStore store = PostgresEventStore.open(here.database)) {
            store.transaction(tx -> {
                tx.publish(message("mug", "first"));
                return tx.append(stream, 0, sold);
            });
            assertThatThrownBy(() -> store.transaction(tx -> {
                        tx.publish(message("mug", "never"));
                        return tx.append(stream, 0, List.of(Event.of("Sold", Data.json("{}"))));
                    }))
                    .isInstanceOf(StoreException.Conflict.class);
            assertThat(store.head()).isEqualTo(1);
        }
        here.relay(inbox, OutboxFixture.QUICK);
        here.untilDelivered();
        assertThat(inbox.texts()).containsExactly("first");
    }

    @Test
    void every_field_comes_to_the_target_as_it_was_published() throws Exception {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        OutboxMessage strange = new OutboxMessage(
                UUID.randomUUID(),
                "Schlüssel \"{},\\ 🐘",
                "Größe, NULL",
                Data.of(bytes, Data.BINARY),
                Map.of("a \"b\" {c}", "line\r\nend \\ ,", "empty", ""));
        OutboxMessage plain = OutboxMessage.of("k", "t", Data.json("{}"));
        here.publish(strange, plain);
        here.relay(inbox, OutboxFixture.QUICK);
        here.untilDelivered();
        assertThat(inbox.received).extracting(PublishedMessage::message).containsExactlyInAnyOrder(strange, plain);
    }

    @Test
    void an_id_that_is_still_in_the_outbox_is_not_published_again() throws Exception {
        OutboxMessage message = message("a", "once");
        assertThat(here.publish(message)).isEqualTo(1);
        assertThat(here.publish(message, message("a", "then"))).isEqualTo(1);
        here.relay(inbox, OutboxFixture.QUICK);
        here.untilDelivered();
        assertThat(here.publish(message)).isZero();
        assertThat(inbox.texts()).containsExactly("once", "then");
    }

    @Tag("slow")
    @Test
    void positions_go_on_though_everything_was_delivered_and_deleted() throws Exception {
        here.publish(message("a", "1"), message("b", "2"));
        here.relay(inbox, OutboxFixture.QUICK.withKeep(Duration.ZERO));
        OutboxFixture.until(() -> here.number("SELECT count(*) FROM leftfold_outbox") == 0);
        here.publish(message("c", "3"));
        here.untilDelivered();
        assertThat(inbox.received).extracting(PublishedMessage::position).containsExactlyInAnyOrder(1L, 2L, 3L);
    }

    @Tag("slow")
    @Test
    void a_message_that_was_delivered_is_kept_for_as_long_as_is_said() throws Exception {
        UUID id = here.publish("a", "t", "1");
        here.publish("a", "t", "2");
        try (Connection connection = here.database.getConnection()) {
            TestServer.execute(connection, "UPDATE leftfold_outbox SET published_at = 0 WHERE id = '" + id + "'");
        }
        here.relay(inbox, OutboxFixture.QUICK);
        OutboxFixture.until(() -> here.number("SELECT count(*) FROM leftfold_outbox") == 1);
        assertThat(here.number("SELECT position FROM leftfold_outbox")).isEqualTo(2);
    }

    @Test
    void what_is_to_be_delivered_is_counted_with_its_age() throws Exception {
        assertThat(here.outbox.status().oldest()).isZero();
        here.publish(message("a", "1"), message("b", "2"));
        try (Connection connection = here.database.getConnection()) {
            TestServer.execute(
                    connection, "UPDATE leftfold_outbox SET published_at = published_at - 3600000000 WHERE key = 'b'");
        }
        assertThat(here.outbox.status().waiting()).isEqualTo(2);
        assertThat(here.outbox.status().oldest()).isGreaterThanOrEqualTo(Duration.ofHours(1));
        assertThat(here.outbox.status().relays()).isZero();
    }

    @Test
    void a_connection_without_a_transaction_is_refused() throws Exception {
        try (Connection connection = here.database.getConnection()) {
            assertThatThrownBy(() -> Outbox.publish(connection, message("a", "1")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("setAutoCommit(false)");
        }
        assertThat(here.number("SELECT count(*) FROM leftfold_outbox")).isZero();
    }

    @Test
    void a_transaction_that_cannot_see_what_others_committed_is_refused() throws Exception {
        try (Connection connection = here.database.getConnection()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> Outbox.publish(connection, message("a", "1")))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("publishing needs READ COMMITTED");
            connection.rollback();
        }
    }

    @Test
    void a_schema_that_is_not_leftfolds_is_told() throws Exception {
        try (var other = TestServer.newSchema();
                Connection connection = other.getConnection()) {
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> Outbox.publish(connection, message("a", "1")))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("the schema is not Leftfold's: see search_path");
            connection.rollback();
        }
    }

    @Test
    void two_messages_of_one_id_are_refused() throws Exception {
        OutboxMessage message = message("a", "1");
        try (Connection connection = here.database.getConnection()) {
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> Outbox.publish(connection, message, message))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(message.id().toString());
        }
    }

    @Test
    void a_message_that_cannot_be_kept_is_refused() {
        Data data = Data.json("{}");
        assertThatThrownBy(() -> OutboxMessage.of("", "t", data)).hasMessageContaining("a key is 1 to 1024 bytes");
        assertThatThrownBy(() -> OutboxMessage.of("k".repeat(1_025), "t", data)).hasMessageContaining("not 1025");
        assertThatThrownBy(() -> OutboxMessage.of("a\0b", "t", data)).hasMessageContaining("NUL");
        assertThatThrownBy(() -> OutboxMessage.of("\uD800", "t", data)).hasMessageContaining("surrogate");
        assertThatThrownBy(() -> OutboxMessage.of("k", "", data)).isInstanceOf(IllegalArgumentException.class);
        OutboxMessage fine = OutboxMessage.of("k", "t", data);
        assertThatThrownBy(() -> fine.withHeaders(Map.of("", "x"))).isInstanceOf(IllegalArgumentException.class);
    }

    private static OutboxMessage message(String key, String text) {
        return OutboxMessage.of(key, "Said", Data.of(text.getBytes(StandardCharsets.UTF_8), "text/plain"));
    }
}
