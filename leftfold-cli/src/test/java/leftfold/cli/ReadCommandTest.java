// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import leftfold.cli.Commands.Outcome;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ReadCommandTest {
    @TempDir
    private static Path folder;

    private static Commands commands;

    /** Positions 1 to 6: order-1, order-1, invoice-1, order-1, order-2, order-1. */
    @BeforeAll
    static void six_events() {
        commands = new Commands(folder.resolve("store"));
        commands.run("append", "order-1", "--type", "Placed", "--tag", "customer:7");
        commands.run("append", "order-1", "--type", "Paid");
        commands.run("append", "invoice-1", "--type", "Sent", "--tag", "customer:7", "--tag", "paper:no");
        commands.run("append", "order-1", "--type", "Packed");
        commands.run("append", "order-2", "--type", "Placed", "--tag", "customer:8");
        commands.run("append", "order-1", "--type", "Shipped");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 1 2 3 4 5 6",
        "--limit 2, 1 2",
        "--limit 0, ''",
        "--from 0 --to 2, 1 2",
        "--from 3 --to 5, 3 4 5",
        "--from 7, ''",
        "--backwards --limit 2, 6 5",
        "--backwards --from 3 --to 4, 4 3",
        "--backwards --from 4 --to 3, 4 3",
        "--category order, 1 2 4 5 6",
        "--category ord, ''",
        "--type Placed --type Sent, 1 3 5",
        "--tag customer:7, 1 3",
        "--tag customer:7 --tag paper:no, 3",
        "--category order --tag customer:7, 1",
        "order-1, 1 2 4 6",
        "order-1 --from 2 --to 3, 2 4",
        "order-1 --from 5, ''",
        "order-1 --backwards, 6 4 2 1",
        "order-1 --backwards --to 3 --limit 2, 4 2",
        "order-1 --type Packed --type Paid, 2 4",
        "order-1 --type Packed --backwards --limit 1, 4",
    })
    void the_filters_choose_the_events(String args, String positions) {
        Outcome outcome = commands.run(("read --json " + args).trim().split(" "));

        List<String> found = outcome.json().stream()
                .map(event -> event.path("position").asString())
                .toList();
        assertThat(outcome.exitCode()).isZero();
        assertThat(String.join(" ", found)).isEqualTo(positions);
    }

    @Test
    void text_has_one_line_for_each_event() {
        Outcome outcome = commands.run("read", "order-1", "--limit", "1");

        assertThat(outcome.lines()).singleElement().asString().contains("order-1 @1", "Placed", "customer:7", "{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--from -1", "--to -1", "--limit -1", "--from 3 --to 2", "--from x", "order-1 --category order"})
    void wrong_usage_is_one_line(String args) {
        Outcome outcome = commands.run(("read " + args).split(" "));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).hasLineCount(1).contains("; see leftfold read --help");
    }

    @Test
    void a_stream_that_is_not_there_is_said() {
        Outcome outcome = commands.run("read", "order-9");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).hasLineCount(1).contains("no stream order-9");
    }

    @Test
    void a_version_in_the_future_is_said() {
        Outcome outcome = commands.run("read", "order-1", "--from", "6");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).hasLineCount(1).contains("order-1 is at version 4");
    }

    @Test
    void a_store_that_is_not_there_is_not_created() {
        for (String command : List.of("read", "tail", "streams", "stats", "verify")) {
            Outcome outcome = Commands.runBare(
                    Map.of(), "", command, "--store", folder.resolve("none").toString());

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err()).hasLineCount(1).contains("create one with append or import");
        }
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void a_folder_with_something_else_stays_as_it_is() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("notes.txt"), "mine");

        Outcome outcome = Commands.runBare(Map.of(), "", "read", "--store", other.toString());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).hasLineCount(1).contains("holds no store");
        assertThat(other.toFile().list()).containsExactly("notes.txt");
    }

    @Test
    void the_environment_names_the_store_where_no_option_does() {
        Map<String, String> environment =
                Map.of("LEFTFOLD_STORE", folder.resolve("store").toString());

        assertThat(Commands.runBare(environment, "", "read").lines()).hasSize(6);
    }

    @Test
    void reading_ends_quietly_once_nobody_reads() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int exitCode = read(new Failing("Broken pipe"), err);

        assertThat(exitCode).isZero();
        assertThat(err.size()).isZero();
    }

    @Test
    void output_that_cannot_be_written_is_said() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int exitCode = read(new Failing("No space left on device"), err);

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).hasLineCount(1).contains("No space left");
    }

    @Test
    void an_append_whose_output_is_lost_says_that_the_event_is_stored() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int exitCode = run(new Failing("No space left on device"), err, "append", "lost-1", "--type", "T");

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).hasLineCount(1).contains("the event is stored");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo --once", "stats --help"})
    void output_that_others_print_is_not_lost_in_silence(String args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int exitCode = run(new Failing("No space left on device"), err, args.split(" "));

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).hasLineCount(1).contains("No space left");
        assertThat(run(new Failing("Broken pipe"), err, args.split(" "))).isZero();
    }

    private int read(OutputStream out, OutputStream err) {
        return run(out, err, "read");
    }

    private int run(OutputStream out, OutputStream err, String... args) {
        Terminal terminal = new Terminal(InputStream.nullInputStream(), out, err, Map.of(), false);
        String store = folder.resolve(args[0].equals("read") ? "store" : "lost").toString();
        return Main.run(
                terminal,
                Stream.concat(Arrays.stream(args), Stream.of("--store", store)).toArray(String[]::new));
    }

    /** Output that takes nothing. */
    private static final class Failing extends OutputStream {
        private final String why;

        private Failing(String why) {
            this.why = why;
        }

        @Override
        public void write(int value) throws IOException {
            throw new IOException(why);
        }
    }
}
