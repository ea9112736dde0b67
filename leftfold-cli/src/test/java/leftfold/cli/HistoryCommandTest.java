// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import leftfold.cli.Commands.Outcome;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class HistoryCommandTest {
    @TempDir
    private static Path folder;

    private static Commands commands;

    @BeforeAll
    static void an_order_that_changes() {
        commands = new Commands(folder.resolve("store"));
        append("order-1", "{\"total\":12.50,\"to\":{\"a/b~c\":1},\"items\":[\"tea\",\"cup\"]}", "--actor", "ada");
        append("order-1", "{\"total\":9,\"to\":null,\"items\":[\"tea\",\"mug\",\"pot\"]}", "--causation", "c-1");
        append("order-1", "{\"total\":9}", "--correlation", "r-1");
        append("note-1", "{\"a\":1}");
        append("note-1", "[1]");
        append("counter-1", "{}");
        append("counter-1", "{}");
    }

    @Test
    void each_event_says_what_it_changed_who_did_it_and_why() {
        Outcome outcome = commands.run("history", "order-1");

        assertThat(outcome.out().replaceAll("\\d{4}-\\S+Z", "TIME")).isEqualTo("""
                @1  TIME  Changed  by ada
                    + /total  12.50
                    + /to  {"a/b~c":1}
                    + /items  ["tea","cup"]
                @2  TIME  Changed  because of c-1
                    ~ /total  12.50 -> 9
                    - /to  {"a/b~c":1}
                    ~ /items/1  "cup" -> "mug"
                    + /items/2  "pot"
                @3  TIME  Changed  correlation r-1
                    nothing changed
                """);
    }

    @Test
    void json_has_the_event_and_its_changes_on_one_line() {
        Outcome outcome = commands.run("history", "order-1", "--json");

        assertThat(outcome.json()).hasSize(3);
        assertThat(outcome.lines().get(1))
                .contains("\"version\":2,", "\"type\":\"Changed\"", "\"causationId\":\"c-1\"")
                .contains("{\"path\":\"/total\",\"before\":12.50,\"after\":9}")
                .contains("{\"path\":\"/items/2\",\"after\":\"pot\"}");
        assertThat(outcome.json().getLast().path("changes")).isEmpty();
    }

    @Test
    void a_place_is_a_json_pointer_and_the_whole_is_told_as_such() {
        append("order-2", "{\"to\":{\"a/b~c\":1}}");
        append("order-2", "{\"to\":{\"a/b~c\":2}}");

        assertThat(commands.run("history", "order-2").out()).contains("    ~ /to/a~1b~0c  1 -> 2\n");
        assertThat(commands.run("history", "note-1").out()).contains("    ~ (all)  {\"a\":1} -> [1]\n");
    }

    @Test
    void an_application_folds_its_own_streams() {
        assertThat(commands.run("history", "counter-1").out())
                .contains("    ~ /count  0 -> 1\n", "    ~ /count  1 -> 2\n");
    }

    @ParameterizedTest
    @CsvSource({"history order-9, 1, no stream order-9", "history, 2, STREAM"})
    void what_cannot_be_answered_is_said_in_one_line(String args, int exitCode, String words) {
        Outcome outcome = commands.run(args.split(" "));

        assertThat(outcome.exitCode()).isEqualTo(exitCode);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).hasLineCount(1).contains(words);
    }

    private static void append(String stream, String data, String... why) {
        String[] args = new String[6 + why.length];
        System.arraycopy(new String[] {"append", stream, "--type", "Changed", "--data", data}, 0, args, 0, 6);
        System.arraycopy(why, 0, args, 6, why.length);
        assertThat(commands.run(args).exitCode()).isZero();
    }
}
