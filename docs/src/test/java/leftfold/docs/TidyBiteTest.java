// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Shows each rule about Java files a sample that breaks it: the rule finds the place, and only that. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class TidyBiteTest {

    private static final String MAIN = "a/src/main/java/leftfold/a/A.java";
    private static final String TEST = "a/src/test/java/leftfold/a/ATest.java";
    private static final String HEAD = "// SPDX-License-Identifier: Apache-2.0\npackage leftfold.a;\n";

    @Test
    void a_long_file_is_found() {
        assertThat(places(main("\n".repeat(398)).longFiles())).isEmpty();
        assertThat(places(main("\n".repeat(399)).longFiles())).containsExactly(MAIN + ":401");
    }

    @Test
    void a_long_line_is_found_and_counted_in_characters_not_bytes() {
        assertThat(places(main("//" + "é".repeat(118)).longLines())).isEmpty();
        assertThat(places(main("\n//" + "é".repeat(119)).longLines())).containsExactly(MAIN + ":4");
    }

    @Test
    void a_file_without_license_is_found() {
        assertThat(places(rules(Map.of(MAIN, "package leftfold.a;\n")).filesWithoutLicense()))
                .containsExactly(MAIN + ":1");
        assertThat(main("").filesWithoutLicense()).isEmpty();
    }

    @Test
    void a_main_package_without_description_or_null_marking_is_found() {
        String info = "a/src/main/java/leftfold/a/package-info.java";
        assertThat(places(main("").packagesWithoutDescription())).containsExactly(info + ":1");
        assertThat(places(rules(Map.of(info, "/** What for. */\npackage leftfold.a;\n"))
                        .packagesWithoutDescription()))
                .containsExactly(info + ":1");
        assertThat(rules(Map.of(info, "/** What for. */\n@NullMarked\npackage leftfold.a;\n"))
                        .packagesWithoutDescription())
                .isEmpty();
    }

    @Test
    void a_long_method_is_found() {
        assertThat(main("class A { void a() {" + "\n".repeat(59) + "} }").longMethods())
                .isEmpty();
        assertThat(places(main("class A { void a() {" + "\n".repeat(60) + "} }").longMethods()))
                .containsExactly(MAIN + ":3");
    }

    @Test
    void a_sixth_parameter_is_found_but_a_sixth_component_is_not() {
        String six = "int a, int b, int c, int d, int e, int f";
        assertThat(main("class A { void a(int a, int b, int c, int d, int e) {} }")
                        .longParameterLists())
                .isEmpty();
        assertThat(main("record A(" + six + ") { A { } }").longParameterLists()).isEmpty();
        assertThat(places(main("class A {\n void a(" + six + ") {} }").longParameterLists()))
                .containsExactly(MAIN + ":3");
        assertThat(places(main("class A { A(" + six + ") {} }").longParameterLists()))
                .containsExactly(MAIN + ":3");
    }

    @Test
    void banned_calls_are_found_in_main_code_however_they_are_written() {
        assertThat(bannedIn("var now = Instant.now();")).containsExactly(MAIN + ":3");
        assertThat(bannedIn("var now = java.time.Instant.now();")).containsExactly(MAIN + ":3");
        assertThat(bannedIn("Supplier<Instant> now = Instant::now;")).containsExactly(MAIN + ":3");
        assertThat(bannedIn("Thread.sleep(1);")).containsExactly(MAIN + ":3");
        assertThat(bannedIn("System.out.println();")).containsExactly(MAIN + ":3");
        assertThat(bannedIn("synchronized (this) {}")).containsExactly(MAIN + ":3");
        assertThat(places(main("class A { synchronized void a() {} }").bannedCalls()))
                .containsExactly(MAIN + ":3");
    }

    @Test
    void words_in_comments_and_texts_are_no_calls() {
        assertThat(bannedIn("/* synchronized System.out */ var text = \"Instant.now() Thread.sleep(1)\";"))
                .isEmpty();
        assertThat(rules(Map.of(TEST, HEAD + "class A { void a() { Thread.sleep(1); } }"))
                        .bannedCalls())
                .isEmpty();
    }

    @Test
    void notes_to_oneself_are_found() {
        assertThat(places(main("// " + "TO" + "DO later\n/** @author me */").leftIn()))
                .containsExactly(MAIN + ":3", MAIN + ":4");
        assertThat(main("// a to-do list is a list, and TODOS is a name").leftIn())
                .isEmpty();
    }

    @Test
    void names_that_say_nothing_are_found() {
        for (String name :
                List.of("StoreImpl", "DefaultStore", "AbstractStore", "StoreManager", "StoreUtil", "TestHelper")) {
            assertThat(places(main("class A { record " + name + "() {} }").emptyNames()))
                    .as(name)
                    .containsExactly(MAIN + ":3");
        }
        assertThat(main("class Defaults { interface ProcessManager {} interface Abstraction {} }")
                        .emptyNames())
                .isEmpty();
    }

    @Test
    void tests_that_are_switched_off_are_found() {
        assertThat(skippedIn("@Disabled void a() {}")).containsExactly(TEST + ":3");
        assertThat(skippedIn("@org.junit.jupiter.api.DisabledOnOs(OS.LINUX) void a() {}"))
                .containsExactly(TEST + ":3");
        assertThat(skippedIn("void a() { assumeTrue(false); }")).containsExactly(TEST + ":3");
        assertThat(skippedIn("void a() { Assumptions.abort(); }")).containsExactly(TEST + ":3");
        assertThat(skippedIn("void a() { assertThat(true); }")).isEmpty();
    }

    private static List<String> bannedIn(String statement) {
        return places(main("class A { void a() { " + statement + " } }").bannedCalls());
    }

    private static List<String> skippedIn(String method) {
        return places(
                rules(Map.of(TEST, HEAD + "class ATest { " + method + " }")).skippedTests());
    }

    private static JavaRules main(String code) {
        return rules(Map.of(MAIN, HEAD + code));
    }

    private static JavaRules rules(Map<String, String> texts) {
        return new JavaRules(Repository.of(texts));
    }

    private static List<String> places(List<Finding> findings) {
        return findings.stream()
                .map(finding -> finding.file() + ":" + finding.line())
                .toList();
    }
}
