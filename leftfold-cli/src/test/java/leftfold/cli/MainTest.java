// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import leftfold.cli.Commands.Outcome;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class MainTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "import",
                "append",
                "read",
                "tail",
                "state",
                "history",
                "trace",
                "streams",
                "stats",
                "projections",
                "verify"
            })
    void every_command_has_help_with_an_example(String command) {
        Outcome outcome = Commands.runBare(Map.of(), "", command, "--help");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("--store", "--json", "Example:\n  leftfold " + command);
        assertThat(outcome.err()).isEmpty();
        assertThat(Commands.runBare(Map.of(), "", "--help").out()).contains("\n  " + command + " ");
    }

    @Test
    void help_names_the_command_that_the_launcher_runs() {
        assertThat(Commands.runBare(Map.of(), "", "--help").out()).contains("test [--fast]");
    }

    @Test
    void the_version_is_one_line() {
        assertThat(Commands.runBare(Map.of(), "", "--version").out())
                .startsWith("leftfold ")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "--nonsense", "read --nonsense", "verify extra", "import"})
    void wrong_usage_is_one_line_and_exit_code_2(String args) {
        Outcome outcome = Commands.runBare(Map.of(), "", args.isEmpty() ? new String[0] : args.split(" "));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).hasLineCount(1).startsWith("leftfold: ").contains("--help");
    }

    @Test
    void a_location_that_nothing_opens_is_said() {
        Outcome outcome = Commands.runBare(Map.of(), "", "read", "--store", "nonsense://here");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).hasLineCount(1).contains("nonsense://here");
    }

    @Test
    void the_demo_runs_on_the_store_that_was_named(@TempDir Path folder) {
        String store = folder.resolve("store").toString();

        Outcome outcome = Commands.runBare(Map.of(), "", "demo", "--store", store, "--once", "--json");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).isEqualTo(store + " once=true json=true\n");
        assertThat(Commands.runBare(Map.of(), "", "streams", "--store", store).lines())
                .containsExactly("       1  counter-1");
    }
}
