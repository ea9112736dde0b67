// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** An old partition that is moved to another tablespace with the statements of the guide. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class MovedPartitionTest {
    private static final Path GUIDE = Path.of("..", "docs", "guide", "09-postgresql.md");
    private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);
    private static final StreamId STREAM = StreamId.of("order-1");

    private static List<String> blocks() throws IOException {
        return SQL.matcher(Files.readString(GUIDE))
                .results()
                .map((MatchResult block) -> block.group(1).replace("100000001", "257"))
                .toList();
    }

    private static void append(PostgresEventStore store, int events) {
        store.append(
                STREAM,
                store.streamVersion(STREAM),
                Stream.generate(() -> Event.of("Placed", Data.json("{}")))
                        .limit(events)
                        .toList());
    }

    private static List<RecordedEvent> read(PostgresEventStore store) {
        try (Stream<RecordedEvent> events = store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            return events.toList();
        }
    }

    @Test
    void appends_go_on_while_an_old_partition_is_moved() throws Exception {
        PostgresOptions impatient = PostgresOptions.defaults().withTimeout(Duration.ofSeconds(2));
        try (HikariDataSource pool = TestServer.newSchema();
                Connection mover = TestServer.source(pool.getSchema()).getConnection()) {
            TestServer.makePartitionsOf(256, pool);
            TestServer.execute(mover, "SET allow_in_place_tablespaces = on");
            TestServer.execute(mover, "CREATE TABLESPACE archive LOCATION ''");
            try (PostgresEventStore store = PostgresEventStore.open(pool, impatient)) {
                append(store, 600);
                List<String> blocks = blocks();
                copy(mover, blocks.getFirst(), store);
                assertThat(swap(mover, blocks.get(1))).contains("is implied by existing constraints");
                append(store, 1);

                assertThat(read(store)).hasSize(605);
                assertThat(store.verify().findings()).isEmpty();
                assertThat(TestServer.RUNNING.text("SELECT string_agg(DISTINCT tablename, ' ') FROM pg_indexes"
                                + " WHERE tablespace = 'archive' AND schemaname = '" + pool.getSchema() + "'"))
                        .isEqualTo("leftfold_events_1");
            }
        }
    }

    /** Appends an event after each statement whose locks are still held. */
    private static void copy(Connection mover, String statements, PostgresEventStore store) throws SQLException {
        for (String statement : statements.split(";.*\n", 0)) {
            mover.setAutoCommit(statement.startsWith("VACUUM"));
            TestServer.execute(mover, statement);
            if (!mover.getAutoCommit()) {
                append(store, 1);
                mover.commit();
            }
        }
        mover.setAutoCommit(true);
    }

    /** Returns what the server says meanwhile: whether it reads the partition that it attaches, among other things. */
    private static String swap(Connection mover, String statements) throws SQLException {
        StringBuilder said = new StringBuilder();
        try (Statement statement = mover.createStatement()) {
            statement.execute("SET client_min_messages = debug1");
            statement.execute(statements);
            for (SQLWarning one = statement.getWarnings(); one != null; one = one.getNextWarning()) {
                said.append(one.getMessage()).append('\n');
            }
        }
        return said.toString();
    }
}
