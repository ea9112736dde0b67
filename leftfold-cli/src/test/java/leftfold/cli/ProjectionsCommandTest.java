// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import leftfold.cli.Commands.Outcome;
import leftfold.jdbc.Sqlite;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ProjectionsCommandTest {
    @TempDir
    private Path folder;

    private Path store;
    private Commands commands;

    @BeforeEach
    void three_deposits() {
        TestProjections.LUCKY.set(false);
        store = folder.resolve("store");
        commands = new Commands(store);
        deposit("ann", 1);
        deposit("bob", 2);
        deposit("ann", 4);
    }

    @Test
    void what_is_declared_and_not_built_yet_is_listed_as_absent() {
        List<JsonNode> listed = commands.run("projections", "list", "--json").json();

        assertThat(listed).extracting(line -> line.path("name").asString()).containsExactly("ledger", "totals");
        assertThat(listed.getFirst().path("state").asString()).isEqualTo("absent");
        assertThat(listed.getFirst().path("version").intValue()).isEqualTo(1);
        assertThat(listed.getFirst().path("position").intValue()).isZero();
        assertThat(listed.getFirst().path("lagEvents").intValue()).isEqualTo(3);
        assertThat(listed.getFirst().path("lagSeconds").doubleValue()).isPositive();
        assertThat(store.resolve("read-models.db")).doesNotExist();
    }

    @Test
    void a_rebuild_is_shown_to_readers_and_the_one_before_kept_rolled_back_to_and_dropped() throws SQLException {
        assertThat(commands.run("projections", "rebuild", "totals", "ledger").lines())
                .containsExactly("readers see ledger v1, at position 3", "readers see totals v1, at position 3");
        assertThat(totals(store.resolve("read-models.db"))).containsExactly("ann=5", "bob=2");
        assertThat(commands.run("projections", "list").lines())
                .containsExactly(
                        "ledger v1                    live      at 3 of 3",
                        "totals v1                    live      at 3 of 3");
        deposit("bob", 8);
        assertThat(commands.run("projections", "list").lines().getLast()).contains("at 3 of 4, 1 event and ");

        assertThat(commands.run("projections", "rebuild", "totals").out())
                .isEqualTo("readers see totals v1.2, at position 4\n");
        assertThat(states()).containsExactly("ledger 1 live", "totals 1 kept", "totals 2 live");

        Outcome back = commands.run("projections", "rebuild", "totals", "--rollback");
        assertThat(back.out()).isEqualTo("readers see totals v1 again, at position 3\n");
        assertThat(totals(store.resolve("read-models.db"))).containsExactly("ann=5", "bob=2");
        assertThat(commands.run("projections", "rebuild", "totals", "--rollback", "--json")
                        .out())
                .startsWith("{\"name\":\"totals\",\"version\":1,\"build\":2,\"state\":\"live\",\"position\":4,");

        assertThat(commands.run("projections", "rebuild", "totals", "--drop-old")
                        .out())
                .isEqualTo("dropped totals-v1\n");
        assertThat(states()).containsExactly("ledger 1 live", "totals 2 live");
        assertThat(commands.run("projections", "rebuild", "totals", "--drop-old")
                        .out())
                .isEqualTo("nothing to drop: readers have left no build of totals\n");
        assertThat(commands.run("projections", "rebuild", "totals", "--drop-old", "--json")
                        .out())
                .isEqualTo("{\"name\":\"totals\",\"dropped\":[]}\n");
        assertThat(commands.run("projections", "rebuild", "totals", "--rollback")
                        .err())
                .hasLineCount(1)
                .contains("no earlier build of totals");
    }

    @Test
    void a_rebuild_that_stops_at_an_event_says_at_which_and_status_does_too() {
        deposit("bob", 13);

        Outcome rebuild = commands.run("projections", "rebuild", "ledger", "totals");

        assertThat(rebuild.exitCode()).isEqualTo(1);
        assertThat(rebuild.err()).hasLineCount(1).contains("ledger-v1", "position 4", "thirteen is too much");
        assertThat(commands.run("projections", "status", "ledger").out())
                .contains("building  at 3 of 4", ", stopped\n  stopped at position 4, event ", "thirteen is too much");
        JsonNode failure = commands.run("projections", "status", "ledger", "--json")
                .json()
                .getFirst()
                .path("failure");
        assertThat(failure.path("position").intValue()).isEqualTo(4);
        assertThat(states()).containsExactly("ledger 1 building", "totals 1 live");
        TestProjections.LUCKY.set(true);
        assertThat(commands.run("projections", "rebuild", "ledger").out())
                .isEqualTo("readers see ledger v1, at position 4\n");
    }

    @Test
    void a_replay_is_a_file_with_the_read_model_as_it_was() throws SQLException {
        String file = folder.resolve("then.db").toString();

        Outcome replay = commands.run("projections", "replay", "totals", "--until", "2", "--into", file, "--json");

        assertThat(replay.out())
                .isEqualTo(
                        "{\"file\":\"" + file + "\",\"name\":\"totals\",\"version\":1,\"position\":2,\"parked\":0}\n");
        assertThat(totals(Path.of(file))).containsExactly("ann=1", "bob=2");
        assertThat(states()).containsExactly("ledger 0 absent", "totals 0 absent");
    }

    @ParameterizedTest
    @CsvSource({
        "--stream money-bob, bob=2",
        "--stream money-bob --stream money-ann, ann=5 bob=2",
        "--category money, ann=5 bob=2",
        "--category other, ''",
        "--tag who:ann, ann=5",
        "--tag who:ann --tag who:bob, ''",
        "--category money --tag who:bob, bob=2",
        "--until 2001-01-01, ''",
        "--until 9999-01-01, ann=5 bob=2",
        "--until 0, ''",
    })
    void a_replay_looks_at_the_events_that_it_is_given(String scope, String totals) throws SQLException {
        Path file = folder.resolve("scoped.db");

        Outcome replay = commands.run(("projections replay totals --into " + file + " " + scope).split(" "));

        assertThat(replay.exitCode()).as(replay.err()).isZero();
        assertThat(replay.out()).startsWith(file + " has totals v1 at position ");
        assertThat(String.join(" ", totals(file))).isEqualTo(totals);
    }

    @Test
    void a_replay_leaves_a_file_alone_that_is_there() throws Exception {
        Path file = Files.writeString(folder.resolve("mine.db"), "mine");

        Outcome replay = commands.run("projections", "replay", "totals", "--into", file.toString());

        assertThat(replay.exitCode()).isEqualTo(1);
        assertThat(replay.err()).hasLineCount(1).contains("mine.db is there already; name a file that is not");
        assertThat(file).hasContent("mine");
    }

    @Test
    void a_diff_tells_row_by_row_what_changed() {
        assertThat(commands.run("projections", "diff", "totals", "--at", "1", "--at", "3")
                        .out())
                .isEqualTo("""
                ~ totals  {"key":"ann"}
                    ~ /document  "1" -> "5"
                + totals  {"key":"bob","document":"2"}
                """);
        assertThat(commands.run("projections", "diff", "ledger", "--at", "2", "--at", "9999-01-01", "--json")
                        .out())
                .isEqualTo("{\"table\":\"entry\",\"before\":null,\"after\":{\"position\":3,\"amount\":4}}\n");
        assertThat(commands.run("projections", "diff", "totals", "--at", "3", "--at", "3")
                        .out())
                .isEmpty();
    }

    @Tag("slow")
    @Test
    void parked_events_are_listed_retried_and_dropped() throws SQLException {
        deposit("bob", 13);
        deposit("cid", 13);
        assertThat(commands.run("projections", "rebuild", "totals").exitCode()).isZero();
        assertThat(commands.run("projections", "list").out()).contains(", 2 parked\n");
        assertThat(commands.run("projections", "status", "totals").out())
                .contains("  2 events put aside; see leftfold projections parked totals\n");
        assertThat(commands.run("projections", "parked", "totals", "--json").json())
                .extracting(line -> line.path("position").intValue() + " "
                        + line.path("state").asString() + " "
                        + line.path("stream").asString())
                .containsExactly("4 parked money-bob", "5 parked money-cid");

        Outcome again = commands.run("projections", "parked", "totals", "--retry");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).hasLineCount(1).contains("2 events of 2 failed again");
        TestProjections.LUCKY.set(true);
        assertThat(commands.run("projections", "parked", "totals", "--retry", "4")
                        .out())
                .startsWith("       4  handled  Deposited  money-bob  ");
        assertThat(totals(store.resolve("read-models.db"))).containsExactly("ann=5", "bob=15");

        assertThat(commands.run("projections", "parked", "totals", "4", "--drop")
                        .err())
                .hasLineCount(1)
                .contains("no event at position 4");
        assertThat(commands.run("projections", "parked", "totals", "--drop").out())
                .startsWith("       5  dropped  ");
        assertThat(commands.run("projections", "parked", "totals").out()).isEqualTo("totals has put no event aside\n");
    }

    @ParameterizedTest
    @CsvSource({
        "rebuild nothing, 1, 'no projection nothing; there are ledger, totals'",
        "replay nothing --into x.db, 1, no projection nothing",
        "diff nothing --at 1 --at 2, 1, no projection nothing",
        "status nothing, 1, no projection nothing",
        "parked nothing, 1, no projection nothing",
        "parked totals, 1, there are no read models yet",
        "parked totals --retry --drop, 2, not both",
        "parked totals x, 2, 'x'",
        "rebuild, 2, NAME",
        "rebuild totals --rollback, 1, there are no read models yet",
        "rebuild totals --rollback --drop-old, 2, not both",
        "replay totals, 2, --into",
        "replay totals --into x.db --until noon, 2, neither a position such as 512 nor a time",
        "replay totals --into x.db --until 9, 1, ends at position 3",
        "replay totals --into x.db --until 99999999999999999999, 2, larger than any position",
        "replay totals --into x.db --stream money-nobody, 1, no stream money-nobody",
        "replay totals --into x.db --tag nonsense, 2, --tag",
        "diff totals, 2, 'give --at twice, not 0 times'",
        "diff totals --at 1, 2, 'give --at twice, not 1 times'",
        "diff totals --at 1 --at 2 --at 3, 2, 'give --at twice, not 3 times'",
        "diff totals --at 3 --at 1, 2, swap them",
        "diff totals --at 1 --at 4, 1, ends at position 3",
        "'', 2, 'name one of list, status'",
        "nonsense, 2, nonsense",
    })
    void what_cannot_be_done_is_said_in_one_line(String args, int exitCode, String words) {
        Outcome outcome = commands.run(("projections " + args).trim().split(" "));

        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).hasLineCount(1).contains(words);
        assertThat(Path.of("x.db")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "status", "rebuild", "replay", "diff", "parked"})
    void every_command_has_help_with_an_example(String command) {
        Outcome outcome = Commands.runBare(Map.of(), "", "projections", command, "--help");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("--store", "--json", "Example:\n  leftfold projections " + command);
    }

    @Test
    void without_an_application_that_has_projections_one_line_says_so() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            assertThat(ServiceLoader.load(Application.class)).isEmpty();
            Outcome outcome = commands.run("projections", "list");
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err()).hasLineCount(1).contains("no application with projections on the class path");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private List<String> states() {
        return commands.run("projections", "list", "--json").json().stream()
                .map(line ->
                        line.path("name").asString() + " " + line.path("build").intValue() + " "
                                + line.path("state").asString())
                .toList();
    }

    private static List<String> totals(Path file) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = Sqlite.open(file).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT key, document FROM totals ORDER BY key")) {
            while (row.next()) {
                rows.add(row.getString(1) + "=" + row.getString(2));
            }
        }
        return rows;
    }

    private void deposit(String to, long amount) {
        String data = "{\"to\":\"" + to + "\",\"amount\":" + amount + "}";
        Outcome outcome =
                commands.run("append", "money-" + to, "--type", "Deposited", "--data", data, "--tag", "who:" + to);
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    }
}
