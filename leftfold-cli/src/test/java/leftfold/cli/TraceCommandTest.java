// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import leftfold.cli.Commands.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class TraceCommandTest {
    @TempDir
    private Path folder;

    private Commands commands;

    @BeforeEach
    void an_empty_store() {
        commands = new Commands(folder.resolve("store"));
    }

    @Test
    void causes_stand_above_the_event_and_effects_below_across_streams() {
        append("order-1", 1, "a command");
        append("order-1", 2, id(1));
        append("mail-1", 3, id(2));
        append("stock-1", 4, id(2));
        append("mail-1", 5, id(4));
        append("order-2", 6, "another command");

        Outcome outcome = commands.run("trace", id(2));

        assertThat(outcome.out().replaceAll("\\d{4}-\\d\\d-\\S+Z", "TIME").replace(id(0).substring(0, 24), "…"))
                .isEqualTo("""
                        ? a command  no event here: a command from outside, or an event of another log
                            Happened  order-1 @1  TIME  …000000000001
                        *     Happened  order-1 @2  TIME  …000000000002
                                Happened  mail-1 @1  TIME  …000000000003
                                Happened  stock-1 @1  TIME  …000000000004
                                  Happened  mail-1 @2  TIME  …000000000005
                        """);
        assertThat(relations(commands.run("trace", id(2), "--json")))
                .containsExactly("missing 0", "cause 1", "event 2", "effect 3", "effect 3", "effect 4");
    }

    @Test
    void an_event_that_nothing_caused_begins_the_tree() {
        append("order-1", 1, "");
        append("order-1", 2, id(1));

        assertThat(relations(commands.run("trace", id(1), "--json"))).containsExactly("event 0", "effect 1");
    }

    @Test
    void a_cause_recorded_after_its_effect_is_found() {
        append("order-1", 1, id(2));
        append("order-1", 2, id(3));
        append("order-1", 3, "");

        assertThat(relations(commands.run("trace", id(1), "--json"))).containsExactly("cause 0", "cause 1", "event 2");
        assertThat(relations(commands.run("trace", id(3), "--json")))
                .containsExactly("event 0", "effect 1", "effect 2");
    }

    @Test
    void causes_that_go_round_are_told_and_end() {
        append("order-1", 1, id(3));
        append("order-1", 2, id(1));
        append("order-1", 3, id(2));
        append("self-1", 4, id(4));

        assertThat(relations(commands.run("trace", id(2), "--json")))
                .containsExactly("cycle 0", "cause 1", "cause 2", "event 3", "cycle 4");
        assertThat(relations(commands.run("trace", id(4), "--json"))).containsExactly("cycle 0", "event 1", "cycle 2");
        assertThat(commands.run("trace", id(4)).out()).contains("! " + id(4) + "  goes round");
    }

    @ParameterizedTest
    @CsvSource({
        "trace 6f1e1d5e-0000-4000-8000-000000000099, 1, no event 6f1e1d5e-0000-4000-8000-000000000099",
        "trace 6f1e1d5e, 2, is not a UUID",
        "trace, 2, EVENT-ID",
    })
    void what_cannot_be_answered_is_said_in_one_line(String args, int exitCode, String words) {
        append("order-1", 1, "");

        Outcome outcome = commands.run(args.split(" "));

        assertThat(outcome.exitCode()).isEqualTo(exitCode);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).hasLineCount(1).contains(words);
    }

    private static List<String> relations(Outcome outcome) {
        return outcome.json().stream()
                .map(line -> line.path("relation").asString() + " "
                        + line.path("depth").intValue())
                .toList();
    }

    private static String id(int number) {
        return "6f1e1d5e-0000-4000-8000-00000000000" + number;
    }

    private void append(String stream, int number, String cause) {
        Outcome outcome = cause.isEmpty()
                ? commands.run("append", stream, "--type", "Happened", "--id", id(number))
                : commands.run("append", stream, "--type", "Happened", "--id", id(number), "--causation", cause);
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    }
}
