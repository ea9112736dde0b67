// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class PostgresBenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int bench(String... args) {
        CommandLine commands = Main.commandLine();
        commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commands.execute(args);
    }

    @Test
    void every_case_has_a_row_and_axon_runs_beside(@TempDir Path folder) {
        String[] args = {
            "--postgres",
            "--peers=axon-jdbc",
            "--dir",
            folder.toString(),
            "--json",
            "--events",
            "10000",
            "--rounds",
            "1",
            "--millis",
            "20"
        };
        assertThat(bench(args)).as(err.toString()).isEqualTo(0);
        List<String> rows = out.toString().lines().toList();
        assertThat(rows).noneMatch(row -> row.contains("\"events_per_second\":null"));
        for (String name : PeerPlan.POSTGRES.names()) {
            for (String peer : List.of("leftfold", InsertPeer.NAME, "axon-jdbc")) {
                assertThat(rows)
                        .filteredOn(row -> row.startsWith("{\"case\":\"" + name + "\","))
                        .filteredOn(row -> row.contains("\"peer\":\"" + peer + "\""))
                        .hasSize(1);
            }
        }
        for (String name : PostgresCases.NAMES) {
            assertThat(rows)
                    .filteredOn(row -> row.startsWith("{\"case\":\"" + name + "\","))
                    .hasSize(1);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_peer_that_is_not_there_is_said(@TempDir Path folder) {
        assertThat(bench("--postgres", "--peers=oracle", "--dir", folder.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).startsWith("leftfold: there is no peer oracle; the peers are message-db, axon-jdbc");
    }
}
