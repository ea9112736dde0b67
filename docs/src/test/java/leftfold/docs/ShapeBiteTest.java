// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Shows each rule about modules and pages a sample that breaks it: the rule finds the place, and only that. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ShapeBiteTest {

    @Test
    void an_arrow_upwards_is_found_unless_it_is_for_tests() {
        assertThat(places(ModuleRules.wrongArrows(pom("leftfold-log", "leftfold-jdbc", "compile"))))
                .containsExactly("pom:6");
        assertThat(places(ModuleRules.wrongArrows(pom("leftfold-new", "leftfold-core", "compile"))))
                .containsExactly("pom:6");
        assertThat(ModuleRules.wrongArrows(pom("leftfold-log", "leftfold-core", "compile")))
                .isEmpty();
        assertThat(ModuleRules.wrongArrows(pom("leftfold-log", "leftfold-testkit", "test")))
                .isEmpty();
    }

    @Test
    void an_arrow_to_an_example_is_found_in_tests_too() {
        assertThat(places(ModuleRules.arrowsToUnpublished(pom("leftfold-log", "leftfold-example-market-news", "test"))))
                .containsExactly("pom:6");
        assertThat(places(ModuleRules.arrowsToUnpublished(pom("leftfold-docs", "leftfold-bench", "test"))))
                .containsExactly("pom:6");
        assertThat(ModuleRules.arrowsToUnpublished(pom("leftfold-bench-peers", "leftfold-bench", "compile")))
                .isEmpty();
        assertThat(ModuleRules.arrowsToUnpublished(pom("leftfold-log", "leftfold-testkit", "test")))
                .isEmpty();
    }

    @Test
    void a_dependency_of_the_core_is_found() {
        assertThat(places(ModuleRules.coreDependencies(pom("leftfold-core", "asm", "runtime"))))
                .containsExactly("pom:6");
        assertThat(ModuleRules.coreDependencies(pom("leftfold-core", "jspecify", "compile")))
                .isEmpty();
        assertThat(ModuleRules.coreDependencies(pom("leftfold-core", "assertj-core", "test")))
                .isEmpty();
    }

    @Test
    void an_import_upwards_in_the_core_is_found() {
        String store = "leftfold-core/src/main/java/leftfold/store/Event.java";
        String process = "leftfold-core/src/main/java/leftfold/process/Reaction.java";
        assertThat(places(ModuleRules.coreArrows(Repository.of(Map.of(store, "\nimport leftfold.schema.EventCodec;")))))
                .containsExactly(store + ":2");
        assertThat(ModuleRules.coreArrows(Repository.of(Map.of(process, "import leftfold.schema.EventCodec;"))))
                .isEmpty();
    }

    @Test
    void a_class_in_another_modules_package_is_found() {
        assertThat(places(ModuleRules.foreignPackages(Repository.of(Map.of(
                        "leftfold-log/src/main/java/leftfold/store/X.java", "",
                        "leftfold-log/src/main/java/leftfold/log/Y.java", "",
                        "leftfold-core/src/main/java/leftfold/store/Z.java", "")))))
                .containsExactly("leftfold-log/src/main/java/leftfold/store/X.java:1");
    }

    @Test
    void a_21st_entry_in_the_root_is_found() {
        assertThat(PageRules.crowdedRoot(withRootEntries(20))).isEmpty();
        assertThat(places(PageRules.crowdedRoot(withRootEntries(21)))).containsExactly(".:1");
    }

    @Test
    void a_path_of_one_machine_is_found() {
        String home = "/ho" + "me/";
        assertThat(places(
                        PageRules.machinePaths(Repository.of(Map.of("run", "#!/bin/sh\ncd " + home + "me/leftfold")))))
                .containsExactly("run:2");
        assertThat(PageRules.machinePaths(Repository.of(Map.of("page.md", "https://example.org" + home + "page"))))
                .isEmpty();
    }

    @Test
    void a_dead_link_is_found_from_where_the_page_is() {
        assertThat(places(PageRules.deadLinks(Repository.of(Map.of(
                        "docs/guide/a.md", "[b](b.md#part) [up](../c.md) [folder](../guide)\n[gone](c.md)",
                        "docs/guide/b.md", "[site](https://example.org/x) [part](#part) [root](../..)",
                        "docs/c.md", "[out](../../d.md)")))))
                .containsExactlyInAnyOrder("docs/guide/a.md:2", "docs/c.md:1");
    }

    @Test
    void a_guarantee_without_a_test_is_found() {
        String test = "a/src/test/java/a/ATest.java";
        String code = """
                class ATest {
                 @Test
                 @Tag("slow")
                 void it_holds() {}
                 void not_a_test() {}
                }""";
        String page = """
                | guarantee | held by |
                |---|---|
                | a | `ATest#it_holds` |
                | b | `ATest#it_does_not` |
                | c | |
                | d | `BTest#it_holds` |
                | e | `ATest#not_a_test` |
                """;
        assertThat(places(PageRules.unheldGuarantees(Repository.of(Map.of(test, code, "docs/guarantees.md", page)))))
                .containsExactly(
                        "docs/guarantees.md:4", "docs/guarantees.md:5", "docs/guarantees.md:6", "docs/guarantees.md:7");
    }

    @Test
    void a_word_that_the_glossary_has_twice_is_found() {
        String page = "| word | meaning |\n|---|---|\n| event | x |\n| log | x |\n| Event | y |\n";
        assertThat(places(PageRules.repeatedTerms(Repository.of(Map.of("docs/glossary.md", page)))))
                .containsExactly("docs/glossary.md:5");
    }

    @Test
    void a_place_in_the_code_that_is_not_there_is_found() {
        assertThat(places(PageRules.missingPlaces(Repository.of(Map.of(
                        "docs/glossary.md", "`leftfold.store`\n`leftfold.store.Event`\n`leftfold.store.Fact`",
                        "docs/architecture.md", "`leftfold.shop`",
                        "leftfold-core/src/main/java/leftfold/store/Event.java", "")))))
                .containsExactly("docs/glossary.md:3", "docs/architecture.md:1");
    }

    private static Repository withRootEntries(int count) {
        return Repository.of(IntStream.range(0, count)
                .mapToObj(i -> i == 0 ? "folder/file" : "file" + i)
                .collect(Collectors.toMap(path -> path, path -> "")));
    }

    private static Repository pom(String module, String dependency, String scope) {
        String group = dependency.startsWith("leftfold") ? "io.github.leftfold" : "org.example";
        String text =
                "<project>\n<artifactId>" + module + "</artifactId>\n<dependencies>\n<dependency>\n<groupId>" + group
                        + "</groupId>\n<artifactId>" + dependency + "</artifactId>\n<scope>" + scope
                        + "</scope>\n</dependency>\n</dependencies>\n</project>";
        return Repository.of(Map.of("module/pom.xml", text));
    }

    private static List<String> places(List<Finding> findings) {
        return findings.stream()
                .map(finding -> finding.file().replace("module/pom.xml", "pom") + ":" + finding.line())
                .toList();
    }
}
