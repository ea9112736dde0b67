// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Roles with the rights that the guide names, and no others. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class RightsTest {
    private static final Path GUIDE = Path.of("..", "docs", "guide", "09-postgresql.md");
    private static final Pattern RIGHTS = Pattern.compile("`([A-Z, ]+)` on ((?:`[a-z_]+`(?:, | and )?)+)");
    private static final StreamId STREAM = StreamId.of("order-1");

    private final OutboxFixture outbox = new OutboxFixture();
    private final String schema = outbox.database.getSchema();

    @AfterEach
    void close() throws Exception {
        outbox.close();
    }

    /** Returns connections of a new role with the rights that stand in these rows of the guide's table. */
    private DataSource role(String... rows) throws IOException {
        PostgresEventStore.open(outbox.database).close();
        PGSimpleDataSource role = TestServer.role(schema);
        List<String> guide = Files.readAllLines(GUIDE);
        for (String row : rows) {
            String line = guide.stream()
                    .filter(one -> one.startsWith("| " + row + " |"))
                    .findFirst()
                    .orElseThrow();
            RIGHTS.matcher(line).results().forEach(rights -> grant(rights, role.getUser()));
        }
        return role;
    }

    private void grant(MatchResult rights, String role) {
        String tables = rights.group(2)
                .replaceAll("`(\\w+)`(, | and )?", ", " + schema + ".$1")
                .substring(2);
        TestServer.RUNNING.execute("GRANT " + rights.group(1) + " ON " + tables + " TO " + role);
    }

    private static List<Event> event() {
        return List.of(Event.of("Placed", Data.json("{}")).withTags(Set.of(Tag.of("by", "ann"))));
    }

    @Test
    void who_reads() throws IOException {
        try (PostgresEventStore writer = PostgresEventStore.open(outbox.database)) {
            writer.append(STREAM, 0, event());
        }
        try (PostgresEventStore store = PostgresEventStore.open(role("reads"))) {
            assertThat(store.read(Query.types("Placed"), 1, Direction.FORWARDS, 9))
                    .hasSize(1);
            assertThat(store.verify().findings()).isEmpty();
        }
    }

    @Test
    void who_appends() throws IOException {
        try (PostgresEventStore store = PostgresEventStore.open(role("reads", "appends"))) {
            List<Event> events = Stream.generate(() -> event().getFirst())
                    .limit(300) // a block of postings and more
                    .toList();
            store.append(STREAM, 0, events);
            assertThat(store.readStream(STREAM)).hasSize(300);
        }
    }

    @Test
    void who_publishes() throws Exception {
        try (Connection connection = role("publishes").getConnection()) {
            connection.setAutoCommit(false);
            Outbox.publish(connection, OutboxMessage.of("a", "Placed", Data.json("{}")));
            connection.commit();
        }
        assertThat(outbox.outbox.status().waiting()).isEqualTo(1);
    }

    @Test
    void who_relays_and_looks_after_parked_messages() throws Exception {
        outbox.publish("a", "Placed", "{}");
        outbox.publish("b", "Placed", "{}");
        Inbox inbox = new Inbox() {
            @Override
            void refuse(PublishedMessage one) throws InterruptedException {
                if (one.message().key().equals("a")) {
                    throw new DeliveryException.Rejected("not a", null);
                }
            }
        };
        DataSource relays = role("relays", "publishes", "looks after parked messages");
        try (OutboxRelay relay = OutboxRelay.start(relays, inbox, OutboxFixture.QUICK)) {
            outbox.untilDelivered();
            Outbox mine = Outbox.open(relays);
            assertThat(mine.parked(10)).hasSize(1);
            assertThat(mine.retryAll()).isEqualTo(1);
            OutboxFixture.until(
                    () -> mine.status().parked() == 1 && mine.status().waiting() == 0);
            assertThat(mine.drop(
                            mine.parked(10).getFirst().published().message().id()))
                    .isTrue();
        }
    }
}
