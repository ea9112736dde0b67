// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import leftfold.cli.Commands.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The commands on a log in PostgreSQL. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class PostgresLocationTest {
    private static EmbeddedPostgres server;

    @TempDir
    private Path folder;

    private String location = "";
    private Commands log;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder().setServerConfig("fsync", "on").start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void empty_the_schema() throws SQLException {
        execute("DROP SCHEMA IF EXISTS log CASCADE");
        execute("CREATE SCHEMA log");
        location = "jdbc:postgresql://localhost:" + server.getPort() + "/postgres?user=postgres&currentSchema=log";
        log = new Commands(location);
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void a_command_that_reads_makes_no_tables() throws SQLException {
        Outcome read = log.run("read");

        assertThat(read.exitCode()).isEqualTo(1);
        assertThat(read.err()).startsWith("leftfold: no store at " + location + "; create one");
        try (Connection connection = server.getPostgresDatabase().getConnection();
                var tables = connection.getMetaData().getTables(null, "log", "%", null)) {
            assertThat(tables.next()).isFalse();
        }
    }

    @Test
    void events_are_appended_read_folded_counted_and_verified() {
        assertThat(log.run("append", "order-1", "--type", "Placed", "--data", "{\"cents\":5}", "--expect", "0")
                        .out())
                .isEqualTo("order-1 is at version 1, position 1\n");
        Outcome conflict = log.run("append", "order-1", "--type", "Placed", "--expect", "0");
        assertThat(conflict.exitCode()).isEqualTo(1);
        assertThat(conflict.err()).contains("expected version 0, found 1");
        log.run("append", "order-1", "--type", "Paid", "--data", "{\"paid\":true}", "--tag", "by:ann");

        JsonNode read = log.run("read", "--tag", "by:ann", "--json").json().getFirst();
        assertThat(read.get("position").asLong()).isEqualTo(2);
        assertThat(log.run("streams", "--json").json().getFirst().get("version").asLong())
                .isEqualTo(2);
        assertThat(log.run("state", "order-1", "--json").out()).contains("\"cents\":5", "\"paid\":true");
        assertThat(log.run("stats", "--json").json().getFirst().get("events").asLong())
                .isEqualTo(2);
        assertThat(log.run("verify").out()).isEqualTo(location + ": 2 events in 1 stream, no damage\n");
    }

    @Test
    void verify_tells_what_does_not_agree() throws SQLException {
        log.run("append", "order-1", "--type", "Placed");
        log.run("append", "order-1", "--type", "Paid");
        execute("UPDATE log.leftfold_events SET version = 7 WHERE position = 2");

        Outcome verify = log.run("verify", "--json");

        assertThat(verify.exitCode()).isEqualTo(1);
        assertThat(verify.json().getFirst().get("findings").get(0).asString())
                .isEqualTo("position 2: its version does not follow from the event before it in its stream");
    }

    @Test
    void a_log_moves_into_postgresql_and_back() {
        Commands origin = new Commands(folder.resolve("origin"));
        origin.run("import", Commands.sample(folder, "loans.xes"));
        String events = origin.run("read", "--json").out();

        Outcome there = Commands.runBare(
                Map.of(), "", "copy", "--from", folder.resolve("origin").toString(), "--to", location);
        Outcome back = Commands.runBare(
                Map.of(),
                "",
                "copy",
                "--from",
                location,
                "--to",
                folder.resolve("back").toString());

        assertThat(there.err()).isEmpty();
        assertThat(back.err()).isEmpty();
        assertThat(events).isNotEmpty();
        assertThat(log.run("read", "--json").out()).isEqualTo(events);
        assertThat(new Commands(folder.resolve("back")).run("read", "--json").out())
                .isEqualTo(events);
        assertThat(log.run("verify").exitCode()).isZero();
    }

    @Test
    void a_password_on_the_command_line_is_refused_and_not_repeated() {
        Outcome refused = new Commands(location + "&password=s3cret").run("read");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("PGPASSWORD").doesNotContain("s3cret");
    }

    @Test
    void a_password_in_the_environment_is_not_printed() {
        log.run("append", "order-1", "--type", "Placed");

        Outcome stats = Commands.runBare(Map.of("LEFTFOLD_STORE", location + "&password=s3cret"), "", "stats");

        assertThat(stats.out()).contains("password=***").doesNotContain("s3cret");
    }

    @Test
    void a_server_that_is_not_there_is_said_in_one_line() {
        Outcome refused = new Commands("jdbc:postgresql://localhost:1/none").run("read");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).hasLineCount(1).contains("Connection to localhost:1 refused");
    }
}
