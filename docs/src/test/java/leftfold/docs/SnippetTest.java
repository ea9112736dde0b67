// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class SnippetTest {

    private static final String PAGE = "docs/guide/01-page.md";
    private static final String CODE = """
            class PageTest {
                // region greet
                void greet() {
                    greet("world");
                }
                // endregion
            }
            """;
    private static final String QUOTED = """
            <!-- snippet: PageTest.java#greet -->
            ```java
            void greet() {
                greet("world");
            }
            ```
            """;

    @Test
    void every_piece_of_java_on_a_page_is_code_that_a_test_runs() {
        assertThat(Snippets.untested(Repository.here())).isEmpty();
    }

    @Test
    void a_piece_that_is_its_region_but_for_the_indentation_is_accepted() {
        assertThat(untested(QUOTED)).isEmpty();
        assertThat(untested(QUOTED.indent(2))).isEmpty();
    }

    @Test
    void a_piece_that_differs_in_one_character_is_found() {
        assertThat(untested("Hello\n\n" + QUOTED.replace("world", "World")))
                .containsExactly(PAGE + ":4: is no longer the same as PageTest.java#greet");
        assertThat(untested(QUOTED.replace("    greet", "  greet"))).hasSize(1);
    }

    @Test
    void a_piece_without_a_source_is_found() {
        assertThat(untested(QUOTED + "\n```java\nint a;\n```\n"))
                .containsExactly(
                        PAGE + ":8: Java code that no test runs; put <!-- snippet: File.java#region --> before it");
    }

    @Test
    void a_piece_whose_region_is_gone_is_found() {
        assertThat(untested(QUOTED.replace("#greet", "#part")))
                .containsExactly(PAGE + ":2: there is no region PageTest.java#part");
        assertThat(untested(QUOTED.replace("PageTest", "SiteTest")))
                .containsExactly(PAGE + ":2: there is no region SiteTest.java#greet");
    }

    private static List<String> untested(String page) {
        Repository repository =
                Repository.of(Map.of(PAGE, page, "docs/src/test/java/leftfold/docs/PageTest.java", CODE));
        return Snippets.untested(repository).stream().map(Finding::toString).toList();
    }
}
