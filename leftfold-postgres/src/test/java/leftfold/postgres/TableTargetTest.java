// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import leftfold.store.Data;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class TableTargetTest {
    private final OutboxFixture here = new OutboxFixture();

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws Exception {
        here.close();
    }

    @Test
    void messages_come_into_the_table_once_though_they_are_delivered_twice() throws Exception {
        TableTarget target = TableTarget.of(here.database, "queue").create().create();
        PublishedMessage first = published(1, "a");
        target.deliver(List.of(first, published(2, "b")));
        target.deliver(List.of(first));
        assertThat(rows(here.database)).hasSize(2);
        assertThat(rows(here.database).getFirst())
                .isEqualTo(first.message().id()
                        + " 1 a Said text/plain {\"x\":\"a\\\"b\\u000a\"} 2026-01-01T00:00:00Z hi");
    }

    @Test
    void sqlite_holds_the_same() throws Exception {
        SQLiteDataSource sqlite = new SQLiteDataSource();
        sqlite.setUrl("jdbc:sqlite:" + folder.resolve("queue.db"));
        TableTarget target = TableTarget.of(sqlite, "queue").create();
        PublishedMessage one = published(1, "a");
        target.deliver(List.of(one));
        target.deliver(List.of(one, published(2, "b")));
        assertThat(rows(sqlite)).hasSize(2).first().asString().endsWith("hi");
    }

    @Test
    void a_relay_fills_it_in_the_order_of_each_key() throws Exception {
        for (int i = 0; i < 300; i++) {
            here.publish("key" + i % 7, "Said", String.valueOf(i));
        }
        here.relay(TableTarget.of(here.database, "queue").create(), OutboxFixture.QUICK);
        here.untilDelivered();
        assertThat(here.number("SELECT count(*) FROM queue")).isEqualTo(300);
        assertThat(here.number("SELECT count(*) FROM queue JOIN leftfold_outbox o ON o.id::text = queue.id"
                        + " WHERE o.position = queue.position AND o.key = message_key"))
                .isEqualTo(300);
    }

    @Test
    void a_row_that_the_table_refuses_is_parked_alone() throws Exception {
        TableTarget target = TableTarget.of(here.database, "queue").create();
        try (Connection connection = here.database.getConnection()) {
            TestServer.execute(connection, "ALTER TABLE queue ADD CHECK (type <> 'Bad')");
        }
        here.publish("a", "Good", "1");
        here.publish("a", "Bad", "2");
        here.publish("a", "Good", "3");
        here.relay(target, OutboxFixture.QUICK);
        here.untilDelivered();
        assertThat(here.number("SELECT count(*) FROM queue")).isEqualTo(2);
        assertThat(here.outbox.parked(2))
                .singleElement()
                .satisfies(parked ->
                        assertThat(parked.reason()).isEqualTo("the queue's database refused: SQLSTATE 23514"));
    }

    @Test
    void a_table_that_is_missing_is_waited_for() throws Exception {
        here.publish("a", "Good", "1");
        TableTarget target = TableTarget.of(here.database, "queue");
        here.relay(target, OutboxFixture.QUICK);
        OutboxFixture.until(() -> !here.outbox.status().blocked().isEmpty());
        assertThat(here.outbox.status().blocked().getFirst().reason()).endsWith("SQLSTATE 42P01");
        target.create();
        here.untilDelivered();
        assertThat(here.number("SELECT count(*) FROM queue")).isEqualTo(1);
    }

    @Test
    void a_name_that_is_none_is_refused() {
        assertThatThrownBy(() -> TableTarget.of(here.database, "queue; DROP TABLE leftfold_log"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(TableTarget.of(here.database, "public.queue")).isNotNull();
    }

    private static PublishedMessage published(long position, String key) {
        OutboxMessage message = new OutboxMessage(
                UUID.randomUUID(),
                key,
                "Said",
                Data.of("hi".getBytes(StandardCharsets.UTF_8), "text/plain"),
                Map.of("x", "a\"b\n"));
        return new PublishedMessage(position, Instant.parse("2026-01-01T00:00:00Z"), message);
    }

    private static List<String> rows(DataSource database) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, position, message_key, type, content_type, headers,"
                        + " published_at, data FROM queue ORDER BY position")) {
            while (row.next()) {
                StringBuilder line = new StringBuilder();
                for (int i = 1; i <= 7; i++) {
                    line.append(row.getString(i)).append(' ');
                }
                rows.add(line + new String(row.getBytes(8), StandardCharsets.UTF_8));
            }
        }
        return rows;
    }
}
