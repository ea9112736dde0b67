// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
    void every_case_has_a_row_and_peers_run_beside(@TempDir Path folder) {
        String[] args = {
            "--postgres",
            "--peers=axon-jdbc,pekko-jdbc",
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
            for (String peer : List.of("leftfold", InsertPeer.NAME, "axon-jdbc", "pekko-jdbc")) {
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
    void peers_out_of_npm_run_where_npm_is_and_elsewhere_a_line_says_what_is_missing(@TempDir Path folder) {
        List<String> cases = List.of("postgres-append-16", "postgres-catch-up", "postgres-stream-100");
        List<String> args = new ArrayList<>(List.of("--postgres", "--peers=emmett,message-db", "--json"));
        args.addAll(List.of("--dir", folder.toString(), "--events", "10000", "--rounds", "1", "--millis", "20"));
        cases.forEach(name -> args.addAll(List.of("--case", name)));
        assertThat(bench(args.toArray(String[]::new))).as(err.toString()).isEqualTo(0);
        for (String peer : List.of("emmett", "message-db")) {
            assertThat(out.toString().lines())
                    .filteredOn(row -> row.contains("\"peer\":\"" + peer + "\""))
                    .hasSameSizeAs(cases)
                    .allMatch(row -> hasNpm()
                            ? !row.contains("\"events_per_second\":null")
                            : row.contains("npm does not run; put Node.js 20 or newer on the PATH"));
        }
    }

    private static boolean hasNpm() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "npm")));
    }

    @Test
    void a_peer_that_is_not_there_is_said(@TempDir Path folder) {
        assertThat(bench("--postgres", "--peers=oracle", "--dir", folder.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).startsWith("leftfold: there is no peer oracle; the peers are message-db, emmett");
    }
}
