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
final class StateCommandTest {
    @TempDir
    private static Path folder;

    private static Commands commands;

    @BeforeAll
    static void three_events() {
        commands = new Commands(folder.resolve("store"));
        append("order-1", "{\"total\": 12.50, \"to\": {\"city\": \"Utrecht\", \"zip\": 1}}");
        append("order-1", "{\"to\": {\"zip\": null, \"street\": \"A\"}, \"paid\": true}");
        append("order-1", "{\"to\": \"nobody\", \"huge\": 123456789012345678901234567890}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--at 1 | 1 | {\"total\":12.50,\"to\":{\"city\":\"Utrecht\",\"zip\":1}}",
                "--at 2 | 2 | {\"total\":12.50,\"to\":{\"city\":\"Utrecht\",\"street\":\"A\"},\"paid\":true}",
                "'' | 3 | {\"total\":12.50,\"to\":\"nobody\",\"paid\":true,\"huge\":123456789012345678901234567890}",
                "--as-of 9999-12-31T23:59:59Z | 3 |"
                        + " {\"total\":12.50,\"to\":\"nobody\",\"paid\":true,\"huge\":123456789012345678901234567890}",
            })
    void events_merge_as_rfc_7386_says(String args, int version, String state) {
        Outcome outcome = commands.run(("state order-1 --json " + args).trim().split(" "));

        assertThat(outcome.out())
                .startsWith("{\"stream\":\"order-1\",\"version\":" + version + ",")
                .endsWith("\"state\":" + state + "}\n");
    }

    @Test
    void as_of_the_time_of_an_event_includes_it_and_nothing_later() {
        String second = commands.run("read", "order-1", "--json")
                .json()
                .get(1)
                .path("recordedAt")
                .asString();

        Outcome outcome = commands.run("state", "order-1", "--as-of", second, "--json");

        assertThat(outcome.json().getFirst().path("state").path("paid").booleanValue())
                .isTrue();
        assertThat(outcome.json().getFirst().path("version").intValue()).isEqualTo(2);
    }

    @Test
    void an_application_folds_its_own_streams() {
        append("counter-1", "{}");
        append("counter-1", "{}");

        Outcome outcome = commands.run("state", "counter-1", "--json", "--at", "1");

        assertThat(outcome.out()).endsWith("\"state\":{\"count\":1}}\n");
    }

    @Test
    void text_is_indented_json_below_a_line_that_says_when() {
        assertThat(commands.run("state", "order-1", "--at", "1").lines())
                .element(0)
                .asString()
                .startsWith("order-1 at version 1, recorded ");
        assertThat(commands.run("state", "order-1", "--at", "1").lines()).contains("  \"total\" : 12.50,");
    }

    @Test
    void scalars_replace_the_whole_state() {
        append("note-1", "{\"a\":1}");
        append("note-1", "[1,2]");

        assertThat(commands.run("state", "note-1", "--json").out()).endsWith("\"state\":[1,2]}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "state order-9, 1, no stream order-9",
        "state order-1 --at 4, 1, is at version 3",
        "state order-1 --at 0, 2, versions count from 1",
        "state order-1 --at -1, 2, versions count from 1",
        "state order-1 --as-of 2001-01-01, 1, did not exist at 2001-01-01T00:00:00Z",
        "state order-1 --as-of 2001-01-01T10:00, 1, did not exist at 2001-01-01T10:00:00Z",
        "state order-1 --as-of 2001-01-01T10:00+02:00, 1, did not exist at 2001-01-01T08:00:00Z",
        "state order-1 --as-of yesterday, 2, is not a time",
        "state order-1 --at 1 --as-of 2001-01-01, 2, not both",
        "state, 2, STREAM",
    })
    void what_cannot_be_answered_is_said_in_one_line(String args, int exitCode, String words) {
        Outcome outcome = commands.run(args.split(" "));

        assertThat(outcome.exitCode()).isEqualTo(exitCode);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).hasLineCount(1).contains(words);
    }

    private static void append(String stream, String data) {
        assertThat(commands.run("append", stream, "--type", "Changed", "--data", data)
                        .exitCode())
                .isZero();
    }
}
