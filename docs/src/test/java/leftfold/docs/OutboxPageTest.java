// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import leftfold.postgres.DeliveryException;
import leftfold.postgres.Outbox;
import leftfold.postgres.OutboxMessage;
import leftfold.postgres.OutboxRelay;
import leftfold.postgres.OutboxStatus;
import leftfold.postgres.OutboxTarget;
import leftfold.postgres.ParkedMessage;
import leftfold.postgres.PublishedMessage;
import leftfold.postgres.RelaySettings;
import leftfold.postgres.TableTarget;
import leftfold.postgres.WebhookTarget;
import leftfold.store.Data;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/10-outbox.md. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class OutboxPageTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    private EmbeddedPostgres server;
    private DataSource database;

    @BeforeEach
    void start() throws IOException {
        server = EmbeddedPostgres.start();
        database = server.getPostgresDatabase();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    // region target
    /** Prints what it gets; a product without a name is not for it. */
    record Printer(PrintStream out) implements OutboxTarget {
        @Override
        public void deliver(List<PublishedMessage> messages) {
            for (PublishedMessage one : messages) {
                OutboxMessage message = one.message();
                if (message.key().isBlank()) {
                    throw new DeliveryException.Rejected("a product has a name", null);
                }
                out.println(message.key() + " " + message.type() + " "
                        + message.data().text());
            }
        }
    }
    // endregion

    @Test
    void a_price_and_its_message_are_committed_together_and_the_message_is_delivered() throws Exception {
        Outbox outbox = Outbox.open(database);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE products (name text PRIMARY KEY, cents bigint)");
            statement.execute("INSERT INTO products VALUES ('tea', 450), (' ', 1)");
        }
        reprice("tea", 405);
        reprice(" ", 2);
        // region relay
        try (OutboxRelay relay = OutboxRelay.start(database, new Printer(out))) {
            reprice("tea", 399);
            relay.wake(); // or it looks by itself, 100 ms later
            awaitEmpty(outbox);
        }
        // endregion
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("tea PriceChanged 405\ntea PriceChanged 399\n");
        // region operate
        OutboxStatus status = outbox.status(); // waiting, oldest, parked, relays, blocked shards with their reasons
        for (ParkedMessage parked : outbox.parked(100)) {
            out.println(parked.reason() + ", tried " + parked.attempts() + " times");
            outbox.retry(parked.published().message().id()); // or outbox.drop(...), or outbox.retryAll()
        }
        // endregion
        assertThat(status.parked()).isEqualTo(1);
        assertThat(outbox.parked(1)).isEmpty();
        assertThat(printed.toString(StandardCharsets.UTF_8)).endsWith("a product has a name, tried 1 times\n");
    }

    @Test
    void settings_and_targets_are_as_on_the_page() throws Exception {
        String token = "secret";
        // region targets
        OutboxTarget webhook = new WebhookTarget(
                URI.create("https://shop.example/hooks/catalog"),
                "/product-catalog", // ce-source
                Duration.ofSeconds(10),
                Map.of("Authorization", "Bearer " + token));
        OutboxTarget table = TableTarget.of(database, "catalog_queue").create();
        // endregion
        // region settings
        RelaySettings settings = RelaySettings.standard()
                .withAttemptsMax(20) // then a message that fails is parked
                .withRetries(Duration.ofMillis(100), Duration.ofMinutes(1)) // pauses, from ... to
                .withKeep(Duration.ofHours(1)); // of what was delivered
        // endregion
        assertThat(settings).isEqualTo(RelaySettings.standard());
        assertThat(webhook.batchMessagesMax()).isEqualTo(1);
        assertThat(table.batchMessagesMax()).isEqualTo(100);
    }

    // region publish
    void reprice(String product, long cents) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("UPDATE products SET cents = " + cents + " WHERE name = '" + product + "'");
            Data data = Data.json(String.valueOf(cents));
            Outbox.publish(connection, OutboxMessage.of(product, "PriceChanged", data)); // last
            connection.commit();
        }
    }
    // endregion

    private static void awaitEmpty(Outbox outbox) throws InterruptedException {
        while (outbox.status().waiting() > 0) {
            Thread.sleep(10);
        }
    }
}
