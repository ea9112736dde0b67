// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Holds the repository to STYLE.md and architecture.md; TidyBiteTest shows that each rule finds what breaks it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class TidyTest {

    private static final Repository HERE = Repository.here();
    private static final JavaRules JAVA = new JavaRules(HERE);

    @Test
    void a_java_file_has_at_most_400_lines() {
        holds(JAVA.longFiles());
    }

    @Test
    void a_java_line_has_at_most_120_characters() {
        holds(JAVA.longLines());
    }

    @Test
    void a_method_has_at_most_60_lines() {
        holds(JAVA.longMethods());
    }

    @Test
    void a_method_has_at_most_5_parameters() {
        holds(JAVA.longParameterLists());
    }

    @Test
    void a_java_file_begins_with_its_license() {
        holds(JAVA.filesWithoutLicense());
    }

    @Test
    void a_package_says_what_it_is_for_and_is_null_marked() {
        holds(JAVA.packagesWithoutDescription());
    }

    @Test
    void main_code_takes_time_waits_and_streams_as_arguments() {
        holds(JAVA.bannedCalls());
    }

    @Test
    void no_notes_to_oneself_are_left_in_the_code() {
        holds(JAVA.leftIn());
    }

    @Test
    void a_class_is_named_by_what_differs() {
        holds(JAVA.emptyNames());
    }

    @Test
    void no_test_is_switched_off() {
        holds(JAVA.skippedTests());
    }

    @Test
    void modules_depend_only_downwards() {
        holds(ModuleRules.wrongArrows(HERE));
    }

    @Test
    void nothing_depends_on_what_is_not_published() {
        holds(ModuleRules.arrowsToUnpublished(HERE));
    }

    @Test
    void the_core_depends_on_jspecify_alone() {
        holds(ModuleRules.coreDependencies(HERE));
    }

    @Test
    void the_packages_of_the_core_import_only_downwards() {
        holds(ModuleRules.coreArrows(HERE));
    }

    @Test
    void folder_artifact_and_package_are_one_name() {
        holds(ModuleRules.foreignPackages(HERE));
    }

    @Test
    void the_root_has_at_most_20_entries() {
        holds(PageRules.crowdedRoot(HERE));
    }

    @Test
    void no_file_names_a_path_that_only_one_machine_has() {
        holds(PageRules.machinePaths(HERE));
    }

    @Test
    void every_relative_link_leads_somewhere() {
        holds(PageRules.deadLinks(HERE));
    }

    @Test
    void every_guarantee_is_held_by_a_test_that_exists() {
        holds(PageRules.unheldGuarantees(HERE));
    }

    @Test
    void a_word_stands_in_the_glossary_once() {
        holds(PageRules.repeatedTerms(HERE));
    }

    @Test
    void every_place_in_the_code_that_a_page_names_exists() {
        holds(PageRules.missingPlaces(HERE));
    }

    private static void holds(List<Finding> findings) {
        assertThat(findings).isEmpty();
    }
}
