// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Known durability bugs, put back on purpose: each is caught by the suite that is there for it. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class MutantTest {
    private static final int MUTANTS_MIN = 20;

    @Test
    void every_known_bug_is_caught() {
        RunReport report = RunReport.of("known bugs put back");
        QuietLog.on();
        List<Mutant> mutants = Mutant.all();
        List<String> missed = Collections.synchronizedList(new ArrayList<>());

        Parallel.range(0, mutants.size(), i -> {
            Mutant mutant = mutants.get(i);
            Path folder = TestFolders.create();
            try {
                if (mutant.caught(folder).isEmpty()) {
                    missed.add(mutant.name());
                }
            } catch (Exception e) {
                throw new AssertionError(mutant.name() + ": " + e, e);
            } finally {
                TestFolders.delete(folder);
            }
        });

        assertThat(missed).isEmpty();
        assertThat(mutants).hasSizeGreaterThanOrEqualTo(MUTANTS_MIN);
        report.passed("%d of %d caught".formatted(mutants.size(), mutants.size()));
    }
}
