// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Known durability bugs, put back on purpose: each is caught by the suite that is there for it. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class MutantTest {
    private static final int MUTANTS_MIN = 20;
    private static final Path FINDINGS = Path.of("target", "mutants.txt");

    @Test
    void the_same_suites_find_nothing_in_the_engine_as_it_is() {
        List<Mutant> bySuite = Mutant.all().stream()
                .collect(Collectors.toMap(Mutant::suite, one -> one, (one, another) -> one))
                .values()
                .stream()
                .toList();
        QuietLog.on();
        Parallel.range(
                0,
                bySuite.size(),
                i -> assertThat(caught(bySuite.get(i).unchanged())).isEmpty());
    }

    @Test
    void every_known_bug_is_caught() throws IOException {
        RunReport report = RunReport.of(Suite.MUTANTS);
        QuietLog.on();
        List<Mutant> mutants = Mutant.all();
        List<String> findings = Collections.synchronizedList(new ArrayList<>());
        List<String> missed = Collections.synchronizedList(new ArrayList<>());

        Parallel.range(0, mutants.size(), i -> {
            Mutant mutant = mutants.get(i);
            String found = caught(mutant);
            findings.add(mutant.name() + ": " + found);
            if (found.isEmpty()) {
                missed.add(mutant.name());
            }
        });

        Files.write(FINDINGS, findings);
        assertThat(missed).isEmpty();
        assertThat(mutants).hasSizeGreaterThanOrEqualTo(MUTANTS_MIN);
        report.passed("%d of %d caught".formatted(mutants.size(), mutants.size()));
    }

    private static String caught(Mutant mutant) {
        Path folder = TestFolders.create();
        try {
            return mutant.caught(folder);
        } catch (Exception e) {
            throw new AssertionError(mutant.name() + ": " + e, e);
        } finally {
            TestFolders.delete(folder);
        }
    }
}
