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
    private static final Path FILE = Path.of("target", "reliability.tsv");
    private static final Path PAGE = Path.of("target", "reliability.md");
    private static final String HEAD = """
            # Reliability

            What can happen to a log, what is promised then, and which suite holds it in every full run of
            `./leftfold test`. The figures below were written by such a run: it leaves this page in `leftfold-
            log/target/reliability.md`, from where it is copied here. They say what one run does, not how fast a
            machine is.

            ## Faults and promises

            | what happens | what is promised | held by |
            |---|---|---|
            """;
    private static final String FIGURES = """

            ## What one run did

            Nothing was lost, changed or left out in silence; a run with a finding fails. The simulator runs the
            real engine on a simulated disk, and a failure names its seed, which runs again exactly.

            | suite | what was run | seconds |
            |---|---|---|
            """;
    private static final String FOOT = """

            ## What is not promised

            The last group commit is known by its checksum alone. Where its bytes rot, or the disk never wrote them
            although it said so, it looks like a write that was torn and was never acknowledged: it is cut when the
            store is opened, with a warning in the log, and `./leftfold verify` tells of it before. Every earlier
            byte is followed by another frame, so that its loss is seen; but where a whole sector is lost that holds
            the beginning of the last frame and the end of the one before, both are. Frames aligned to sectors share
            none.

            On a disk where a torn write destroys old bytes in the same sector, acknowledged appends are safe if
            frames are aligned to the size of its sectors (`LogOptions.withFrameAlignment`); the default is 8 bytes
            and trusts the disk.

            Checksums find accidents. They are no protection from somebody who changes the files and the checksums
            with them.
            """;

    private final Suite suite;
    private final long start = System.nanoTime();

    private RunReport(Suite suite) {
        this.suite = suite;
    }

    /** Begins the line of a suite; its time runs from here. */
    static RunReport of(Suite suite) {
        return new RunReport(suite);
    }

    /** Writes the suite's line, in place of that of an earlier run: what was done, and what came of it. */
    void passed(String what) {
        double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        try {
            Map<String, String> lines = lines();
            lines.put(suite.title(), "%s\t%s\t%.0f".formatted(suite.title(), what, seconds));
            Files.createDirectories(FILE.getParent());
            Files.write(FILE, lines.values());
            Files.writeString(PAGE, page(lines));
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

    /** Returns the page that tells of {@code lines}. */
    static String page(Map<String, String> lines) {
        StringBuilder page = new StringBuilder(HEAD);
        for (Suite suite : Suite.values()) {
            page.append(suite.promiseRow()).append('\n');
        }
        page.append(FIGURES);
        for (Suite suite : Suite.values()) {
            String[] line = lines.getOrDefault(suite.title(), suite.title() + "\tnot run\t-")
                    .split("\t", -1);
            page.append("| %s | %s | %s |\n".formatted(line[0], line[1], line[2]));
        }
        return page.append(FOOT).toString();
    }

    /** Returns {@code count} with a comma before each three digits. */
    static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
