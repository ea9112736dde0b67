// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What holds of the repository as a whole and of its pages, each rule as the places that break it. */
final class PageRules {

    static final int ROOT_ENTRIES_MAX = 20;

    private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w.$}-])/(work|root|home|Users)/");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern ABSOLUTE = Pattern.compile("[a-z][a-z0-9+.-]*:.*");
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");
    private static final String TEST_ANNOTATION =
            "@(?:Test|ParameterizedTest|RepeatedTest|TestFactory)(?:\\([^)]*\\))?";
    private static final Pattern PLACE = Pattern.compile("`(leftfold(?:\\.\\w+)+)`");

    private PageRules() {}

    static List<Finding> crowdedRoot(Repository repository) {
        TreeSet<String> entries = new TreeSet<>();
        repository.files().forEach(file -> entries.add(file.path().replaceFirst("/.*", "")));
        return entries.size() <= ROOT_ENTRIES_MAX
                ? List.of()
                : List.of(new Finding(".", 1, entries.size() + " entries in the root; the limit is 20: " + entries));
    }

    static List<Finding> machinePaths(Repository repository) {
        return repository.files().stream()
                .flatMap(file -> file.findings(MACHINE_PATH, "a path that only one machine has"))
                .toList();
    }

    static List<Finding> deadLinks(Repository repository) {
        return repository
                .markdown()
                .flatMap(page -> page.findings(line -> deadLink(repository, page, line)))
                .toList();
    }

    private static String deadLink(Repository repository, TextFile page, String line) {
        return LINK.matcher(line)
                .results()
                .map(link -> link.group(1).replaceFirst("#.*", ""))
                .filter(target -> !target.isEmpty() && !ABSOLUTE.matcher(target).matches())
                .filter(target -> !repository.has(resolve(page, target)))
                .findFirst()
                .map(target -> "nothing is at " + target)
                .orElse("");
    }

    private static String resolve(TextFile page, String target) {
        Path resolved = Path.of(page.folder()).resolve(target).normalize();
        return resolved.toString().replace('\\', '/');
    }

    /** Every line of the table names at least one test, and every test it names is there. */
    static List<Finding> unheldGuarantees(Repository repository) {
        return page(repository, "docs/guarantees.md")
                .flatMap(page -> page.findings(line -> unheldGuarantee(repository, line)))
                .toList();
    }

    private static String unheldGuarantee(Repository repository, String line) {
        if (!isTableRow(line)) {
            return "";
        }
        List<MatchResult> tests = TEST.matcher(line).results().toList();
        if (tests.isEmpty()) {
            return "a guarantee without a test";
        }
        return tests.stream()
                .filter(test -> !hasTest(repository, test.group(1), test.group(2)))
                .findFirst()
                .map(test -> "there is no test " + test.group(1) + "#" + test.group(2))
                .orElse("");
    }

    private static boolean hasTest(Repository repository, String type, String method) {
        Pattern declaration = Pattern.compile(
                TEST_ANNOTATION + "(?:\\s+@\\w+(?:\\([^)]*\\))?)*\\s+(?:[\\w<>]+\\s+)+" + method + "\\(");
        return repository
                .java()
                .filter(file -> file.name().equals(type + ".java"))
                .anyMatch(file -> declaration.matcher(file.text()).find());
    }

    static List<Finding> repeatedTerms(Repository repository) {
        return page(repository, "docs/glossary.md")
                .flatMap(PageRules::repeatedTerms)
                .toList();
    }

    private static Stream<Finding> repeatedTerms(TextFile page) {
        Map<String, Integer> seen = new HashMap<>();
        List<Finding> findings = new ArrayList<>();
        List<String> lines = page.lines();
        for (int i = 0; i < lines.size(); i++) {
            if (isTableRow(lines.get(i))) {
                String term = lines.get(i).split("\\|", 3)[1].strip().toLowerCase(Locale.ROOT);
                Integer earlier = seen.putIfAbsent(term, i + 1);
                if (earlier != null) {
                    findings.add(
                            new Finding(page.path(), i + 1, "'" + term + "' stands in line " + earlier + " already"));
                }
            }
        }
        return findings.stream();
    }

    /** Classes and packages that the glossary and the architecture name are there. */
    static List<Finding> missingPlaces(Repository repository) {
        return Stream.of("docs/glossary.md", "docs/architecture.md")
                .flatMap(path -> page(repository, path))
                .flatMap(page -> page.findings(line -> missingPlace(repository, line)))
                .toList();
    }

    private static String missingPlace(Repository repository, String line) {
        return PLACE.matcher(line)
                .results()
                .map(place -> place.group(1))
                .filter(place -> !isPlace(repository, "/src/main/java/" + place.replace('.', '/')))
                .findFirst()
                .map(place -> "no class or package is called " + place)
                .orElse("");
    }

    private static boolean isPlace(Repository repository, String path) {
        return repository
                .java()
                .anyMatch(file ->
                        file.path().endsWith(path + ".java") || file.path().contains(path + "/"));
    }

    private static boolean isTableRow(String line) {
        return line.startsWith("| ") && !line.matches("\\| *(guarantee|word) *\\|.*");
    }

    private static Stream<TextFile> page(Repository repository, String path) {
        return Stream.of(repository.file(path).orElseThrow(() -> new AssertionError("there is no page " + path)));
    }
}
