// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Java code on pages, and the regions of tests that it is copied from. */
final class Snippets {

    private static final String FOLDER = "docs/src/test/java/leftfold/docs/";
    private static final Pattern SOURCE = Pattern.compile("<!-- snippet: (\\w+\\.java)#([\\w-]+) -->");

    private Snippets() {}

    /** Returns where a page has Java code that is not, word for word, code that a test runs. */
    static List<Finding> untested(Repository repository) {
        return repository
                .markdown()
                .filter(page -> page.path().equals("README.md") || page.folder().equals("docs/guide"))
                .flatMap(page -> untested(repository, page).stream())
                .toList();
    }

    private static List<Finding> untested(Repository repository, TextFile page) {
        List<String> lines = page.lines();
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().equals("```java")) {
                int end = end(lines, i + 1);
                String code = String.join("\n", lines.subList(i + 1, end));
                String wrong = wrong(repository, i == 0 ? "" : lines.get(i - 1), code);
                if (!wrong.isEmpty()) {
                    findings.add(new Finding(page.path(), i + 1, wrong));
                }
                i = end;
            }
        }
        return findings;
    }

    private static int end(List<String> lines, int start) {
        int end = start;
        while (end < lines.size() && !lines.get(end).strip().equals("```")) {
            end++;
        }
        return end;
    }

    private static String wrong(Repository repository, String lineBefore, String code) {
        Matcher source = SOURCE.matcher(lineBefore.strip());
        if (!source.matches()) {
            return "Java code that no test runs; put <!-- snippet: File.java#region --> before it";
        }
        String name = source.group(1) + "#" + source.group(2);
        return repository
                .file(FOLDER + source.group(1))
                .flatMap(file -> region(file, source.group(2)))
                .map(region -> region.equals(code.stripIndent().strip()) ? "" : "is no longer the same as " + name)
                .orElse("there is no region " + name);
    }

    /** Returns the lines of a region, without the indentation that they share. */
    private static Optional<String> region(TextFile file, String name) {
        Pattern region = Pattern.compile("// region " + name + "\n(.*?)\n *// endregion", Pattern.DOTALL);
        return region.matcher(file.text())
                .results()
                .map(found -> found.group(1).stripIndent().strip())
                .findFirst();
    }
}
