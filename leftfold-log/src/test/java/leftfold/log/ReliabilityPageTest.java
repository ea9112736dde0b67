// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** docs/reliability.md tells of every suite, and has the figures of a run of them all. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ReliabilityPageTest {
    private static final Path PAGE = Path.of("..", "docs", "reliability.md");

    @Test
    void the_page_is_as_a_run_writes_it_but_for_its_figures() throws IOException {
        assertThat(withoutFigures(Files.readString(PAGE)))
                .as("after a full run, copy leftfold-log/target/reliability.md to docs/reliability.md")
                .isEqualTo(withoutFigures(RunReport.page(Map.of())));
    }

    @Test
    void every_suite_has_figures() throws IOException {
        String page = Files.readString(PAGE);
        for (Suite suite : Suite.values()) {
            assertThat(page).contains("\n| " + suite.title() + " | ").doesNotContain(suite.title() + " | not run");
        }
    }

    private static String withoutFigures(String page) {
        return page.replaceAll("(?m)^(\\| [^|]+ \\|) [^|]+ \\| [\\d-]+ \\|$", "$1");
    }
}
