// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import leftfold.cli.Commands.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class AppendCommandTest {
    private static final String ID = "0190a6f0-7c1e-7000-8000-000000000001";

    @TempDir
    private Path folder;

    private Commands commands;

    @BeforeEach
    void open() {
        commands = new Commands(folder.resolve("store"));
    }

    @Test
    void the_first_append_creates_the_store_and_says_where_the_event_is() {
        Outcome outcome = commands.run("append", "order-1", "--type", "OrderPlaced", "--data", "{\"total\":12}");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.lines()).containsExactly("order-1 is at version 1, position 1");
    }

    @Test
    void json_output_is_one_object() {
        Outcome outcome = commands.run("append", "order-1", "--type", "OrderPlaced", "--id", ID, "--json");

        assertThat(outcome.lines())
                .containsExactly("{\"stream\":\"order-1\",\"version\":1,\"position\":1,\"id\":\"" + ID
                        + "\",\"repeated\":false}");
    }

    @Test
    void the_same_id_again_is_the_same_event() {
        commands.run("append", "order-1", "--type", "OrderPlaced", "--id", ID, "--expect", "0");
        commands.run("append", "order-1", "--type", "OrderPaid");

        Outcome again =
                commands.run("append", "order-1", "--type", "OrderPlaced", "--id", ID, "--expect", "0", "--json");

        assertThat(again.exitCode()).isZero();
        assertThat(again.json().getFirst().path("repeated").booleanValue()).isTrue();
        assertThat(again.json().getFirst().path("version").intValue()).isEqualTo(1);
        assertThat(commands.run("read", "order-1").lines()).hasSize(2);
    }

    @Test
    void an_unexpected_version_is_a_conflict_that_says_both() {
        commands.run("append", "order-1", "--type", "OrderPlaced");

        Outcome outcome = commands.run("append", "order-1", "--type", "OrderPlaced", "--expect", "0");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .isEqualTo("leftfold: conflict on order-1: expected version 0, found 1;"
                        + " read the stream and decide again\n");
        assertThat(commands.run("read", "order-1").lines()).hasSize(1);
    }

    @Test
    void everything_that_was_given_is_in_the_event() {
        commands.runWith(
                "{\n \"total\": 12.50,\n \"who\": \"Zoë\" }\n",
                "append",
                "order-1",
                "--type",
                "OrderPlaced",
                "--data",
                "-",
                "--tag",
                "customer:7",
                "--tag",
                "a:b:c",
                "--actor",
                "zoe",
                "--correlation",
                "c-1",
                "--causation",
                "c-0",
                "--schema-version",
                "3");

        String line = commands.run("read", "order-1", "--json").out();

        assertThat(line)
                .contains("\"schemaVersion\":3")
                .contains("\"metadata\":{\"causationId\":\"c-0\",\"correlationId\":\"c-1\",\"actor\":\"zoe\",")
                .contains("\"tags\":[\"customer:7\",\"a:b:c\"]")
                .endsWith("\"data\":{  \"total\": 12.50,  \"who\": \"Zoë\" }}\n");
        JsonNode event = commands.run("read", "order-1", "--json").json().getFirst();
        assertThat(event.propertyNames())
                .containsExactly(
                        "position",
                        "stream",
                        "version",
                        "id",
                        "type",
                        "schemaVersion",
                        "recordedAt",
                        "metadata",
                        "tags",
                        "data");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order-1",
                "order-1 --type",
                "order-1 --type T --data {",
                "order-1 --type T --data {}{}",
                "order-1 --type T --data nul",
                "order-1 --type T --expect -1",
                "order-1 --type T --expect x",
                "order-1 --type T --tag x",
                "order-1 --type T --tag :x",
                "order-1 --type T --id 1-2-3-4-5",
                "order-1 --type T --schema-version 0",
                "order-1 --type T --nonsense",
                "order-1 order-2 --type T",
                "order-\ufffd --type T",
                "order-1 --type T --data \"\ufffd\"",
                "--type T"
            })
    void wrong_usage_is_one_line_and_writes_nothing(String args) {
        Outcome outcome = commands.run(("append " + args).split(" "));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("leftfold: ").hasLineCount(1).contains("; see leftfold append --help");
        assertThat(folder.resolve("store")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '`',
            value = {
                "{\"a\":1 ! Unexpected end-of-input: expected close marker for Object, at line 1, column 7",
                "[1,{} ! Unexpected end-of-input: expected close marker for Array, at line 1, column 6",
                "{\"a\":[1} ! Unexpected close marker '}': expected ']', at line 1, column 8",
                "{\"a\":\"b ! was expecting closing quote for a string value, at line 1, column 8",
            })
    void data_that_is_not_json_is_refused_with_its_place_and_no_word_of_the_parser(String data, String mistake) {
        Outcome outcome = commands.run("append", "order-1", "--type", "T", "--data", data);

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("leftfold: --data is not JSON: ")
                .contains(mistake + "; see leftfold append --help")
                .doesNotContain("REDACTED")
                .hasLineCount(1);
    }

    @Test
    void names_beyond_their_limits_are_refused() {
        assertThat(commands.run("append", "order-" + "x".repeat(2_000), "--type", "T")
                        .err())
                .contains("the limit is 1024");
        assertThat(commands.run("append", "order-1", "--type", "T".repeat(300)).err())
                .contains("the limit is 256");
        assertThat(commands.run("append", "order-\0", "--type", "T").err())
                .contains("NUL")
                .hasLineCount(1);
        assertThat(folder.resolve("store")).doesNotExist();
    }

    @Test
    void an_argument_that_begins_with_an_at_sign_is_no_file() {
        assertThat(commands.run("append", "@order-1", "--type", "@T").lines())
                .containsExactly("@order-1 is at version 1, position 1");
    }
}
