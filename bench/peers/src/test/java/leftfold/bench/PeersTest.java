// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class PeersTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int bench(String... args) {
        CommandLine commands = Main.commandLine();
        commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commands.execute(args);
    }

    @Test
    void every_peer_runs_every_case_that_it_can(@TempDir Path folder) {
        int exitCode = bench(
                "--peers",
                "--dir",
                folder.toString(),
                "--json",
                "--events",
                "10000",
                "--rounds",
                "1",
                "--millis",
                "20");
        assertThat(exitCode).as(err.toString()).isEqualTo(0);
        List<String> rows = out.toString().lines().toList();
        assertThat(rows).hasSize(7 * PeerPlan.EMBEDDED.names().size());
        assertThat(rows)
                .filteredOn(row -> row.contains("\"events_per_second\":null"))
                .allMatch(row -> row.contains("\"case\":\"stream-100\"") && row.contains("it has no streams to read"))
                .hasSize(3);
        for (Peer peer : ServiceLoader.load(Peer.class)) {
            assertThat(rows)
                    .filteredOn(row -> row.contains("\"peer\":\"" + peer.name() + "\""))
                    .hasSameSizeAs(PeerPlan.EMBEDDED.names())
                    .allMatch(row -> row.contains("\"lacks\":\"" + peer.lacks() + "\""));
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_peer_that_is_not_there_is_said() {
        assertThat(bench("--peers=rocksdb,oracle")).isEqualTo(1);
        assertThat(err.toString()).startsWith("leftfold: there is no peer oracle; the peers are chronicle-queue, ");
    }
}
