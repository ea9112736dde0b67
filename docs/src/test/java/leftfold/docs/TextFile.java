// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A tracked file. Immutable.
 *
 * @param path from the repository's root, with slashes
 * @param text its content as UTF-8; bytes that are none become replacement characters
 */
record TextFile(String path, String text) {

    boolean isJava() {
        return path.endsWith(".java");
    }

    boolean isMainJava() {
        return isJava() && path.contains("src/main/java/");
    }

    boolean isMarkdown() {
        return path.endsWith(".md");
    }

    /** Returns the folder it is in; empty for the root. */
    String folder() {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    /** Returns the last part of its path. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    List<String> lines() {
        return text.lines().toList();
    }

    /** Returns a finding for each line that {@code complaint} has something to say about; empty if it has nothing. */
    Stream<Finding> findings(Function<String, String> complaint) {
        List<String> lines = lines();
        return IntStream.range(0, lines.size())
                .mapToObj(i -> new Finding(path, i + 1, complaint.apply(lines.get(i))))
                .filter(finding -> !finding.message().isEmpty());
    }

    /** Returns a finding for each line in which {@code pattern} occurs. */
    Stream<Finding> findings(Pattern pattern, String message) {
        return findings(line -> pattern.matcher(line).find() ? message : "");
    }
}
