// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import leftfold.decider.CommandHandler;
import leftfold.docs.GiftCard.CardEvent;
import leftfold.docs.GiftCard.Command;
import leftfold.docs.GiftCard.State;
import leftfold.jackson.JsonCodec;
import leftfold.jdbc.DocumentCodec;
import leftfold.jdbc.DocumentProjection;
import leftfold.jdbc.ReadDatabase;
import leftfold.postgres.PostgresEventStore;
import leftfold.postgres.PostgresOptions;
import leftfold.projection.Documents;
import leftfold.projection.Keys;
import leftfold.projection.Projection;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/09-postgresql.md. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class PostgresqlTest {

    private static final StreamId FIRST = StreamId.of("card-7F3A");
    private static EmbeddedPostgres server;

    private final JsonCodec<CardEvent> codec = JsonCodec.of(CardEvent.class);
    private final Projection<Documents<Long>> worth = Projection.<CardEvent, Long>documents("worth", 1, codec)
            .onEach(
                    CardEvent.Issued.class,
                    Keys.stream(),
                    (cents, event) -> event.event().cents())
            .build();

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder().setServerConfig("fsync", "on").start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Test
    void a_log_is_a_schema() throws Exception {
        DataSource database = schema("opened");
        // region open
        try (PostgresEventStore store = PostgresEventStore.open(database)) {
            CommandHandler<Command, CardEvent, State> cards =
                    CommandHandler.builder(store, new GiftCard(), codec).build();
            cards.handle(FIRST, new Command.Issue("ada", 5_000));
        }
        // endregion
        try (PostgresEventStore store = PostgresEventStore.open(database)) {
            assertThat(store.streamVersion(FIRST)).isEqualTo(1);
        }
    }

    @Test
    void rows_and_events_commit_together() throws Exception {
        DataSource database = schema("together");
        execute(database, "CREATE TABLE product (sku text PRIMARY KEY, cents int NOT NULL)");
        execute(database, "INSERT INTO product VALUES ('mug', 900)");
        try (PostgresEventStore store = PostgresEventStore.open(database)) {
            List<Event> sold = List.of(Event.of("Sold", Data.json("{\"sku\":\"mug\"}")));
            // region transaction
            long version = store.transaction(tx -> {
                try (PreparedStatement update =
                        tx.connection().prepareStatement("UPDATE product SET cents = ? WHERE sku = ?")) {
                    update.setInt(1, 950);
                    update.setString(2, "mug");
                    update.executeUpdate();
                }
                return tx.append(StreamId.of("stock-mug"), 0, sold).version();
            });
            // endregion
            assertThat(version).isEqualTo(1);
            assertThat(cents(database)).isEqualTo(950);
            assertThatThrownBy(() -> store.transaction(tx -> {
                        execute(tx.connection(), "UPDATE product SET cents = 1");
                        return tx.append(StreamId.of("stock-mug"), 0, List.of(Event.of("Sold", Data.json("{}"))));
                    }))
                    .isInstanceOf(StoreException.Conflict.class);
            assertThat(cents(database)).isEqualTo(950);
        }
    }

    @Test
    void an_inline_read_model_is_never_behind() throws Exception {
        DataSource database = schema("inline");
        // region inline
        DocumentCodec<Long> text = DocumentCodec.of(String::valueOf, Long::valueOf);
        DocumentProjection<Long> inline = new DocumentProjection<>(worth, text);
        try (PostgresEventStore store =
                PostgresEventStore.open(database, PostgresOptions.defaults(), List.of(inline))) {
            CommandHandler.builder(store, new GiftCard(), codec).build().handle(FIRST, new Command.Issue("ada", 5_000));
            Optional<Long> cents = new ReadDatabase(database).document("worth", "card-7F3A", text); // no waiting
            // endregion
            assertThat(cents).contains(5_000L);
        }
    }

    private static int cents(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT cents FROM product")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static DataSource schema(String name) throws SQLException {
        execute(server.getPostgresDatabase(), "CREATE SCHEMA " + name);
        return server.getDatabase("postgres", "postgres", java.util.Map.of("currentSchema", name));
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection()) {
            execute(connection, sql);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
