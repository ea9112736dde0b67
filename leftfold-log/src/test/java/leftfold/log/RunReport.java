// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What the suites of one test run did, a line each in a file under {@code target}; docs/reliability.md shows it. */
final class RunReport {
    static final Path FILE = Path.of("target", "reliability.tsv");

    private final String suite;
    private final long start = System.nanoTime();

    private RunReport(String suite) {
        this.suite = suite;
    }

    /** Begins the line of a suite; its time runs from here. */
    static RunReport of(String suite) {
        return new RunReport(suite);
    }

    /** Writes the suite's line, in place of that of an earlier run: what was done, and what came of it. */
    void passed(String what) {
        double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        try {
            Map<String, String> lines = lines();
            lines.put(suite, "%s\t%s\t%.0f".formatted(suite, what, seconds));
            Files.createDirectories(FILE.getParent());
            Files.write(FILE, lines.values());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the lines of the file by their suites: suite, what was done, seconds, with tabs between. */
    static Map<String, String> lines() throws IOException {
        Map<String, String> lines = new TreeMap<>();
        if (Files.exists(FILE)) {
            for (String line : Files.readAllLines(FILE)) {
                lines.put(line.substring(0, line.indexOf('\t')), line);
            }
        }
        return lines;
    }

    /** Returns {@code count} with a comma before each three digits. */
    static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
