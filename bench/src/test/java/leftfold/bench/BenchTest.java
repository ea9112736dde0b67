// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
final class BenchTest {
    private static final String EVENTS = "10000";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int bench(String... args) {
        CommandLine commands = Main.commandLine();
        commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commands.execute(Stream.concat(Stream.of("--dir", folder.toString()), Stream.of(args))
                .toArray(String[]::new));
    }

    private List<String> rows() {
        return out.toString().lines().toList();
    }

    @Test
    void every_append_case_has_a_row_and_nothing_is_left() throws IOException {
        assertThat(bench(args("--json", AppendCases.NAMES))).as(err.toString()).isEqualTo(0);
        String number = "[0-9][0-9.]*";
        String row = "\\{'case':'[a-z0-9-]+','events_per_second':" + number + ",'p50_us':" + number + ",'p99_us':"
                + number + ",'ratio_to_disk':" + number + ",'goal':.+,'met':(true|false|null),.*}";
        assertThat(rows()).hasSameSizeAs(AppendCases.NAMES).allMatch(line -> line.matches(row.replace('\'', '"')));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void every_read_case_has_a_row() {
        assertThat(bench(args("--json", ReadCases.NAMES))).as(err.toString()).isEqualTo(0);
        assertThat(rows()).hasSameSizeAs(ReadCases.NAMES);
        assertThat(rows().get(0)).startsWith("{\"case\":\"scan\",").contains("\"goal\":\"10,000,000/s\"");
        assertThat(rows().get(1)).startsWith("{\"case\":\"stream-100-hot\",").contains("\"goal\":\"p50 40 us\"");
        assertThat(rows().get(2)).startsWith("{\"case\":\"query-tag\",").contains("\"matches\":1,", "ratio_to_reads");
    }

    @Test
    void every_case_of_the_read_side_has_a_row_and_nothing_is_left() throws IOException {
        assertThat(bench(args("--json", ProjectionCases.NAMES)))
                .as(err.toString())
                .isEqualTo(0);
        assertThat(rows())
                .hasSameSizeAs(ProjectionCases.NAMES)
                .allSatisfy(row -> assertThat(row)
                        .contains("\"events_per_second\":")
                        .doesNotContain("\"events_per_second\":null"));
        assertThat(rows().get(0)).startsWith("{\"case\":\"rebuild-sqlite-10pct\",");
        assertThat(rows().get(2)).contains("\"goal\":\"200,000/s\"", "\"events\":" + EVENTS);
        assertThat(rows().get(3)).startsWith("{\"case\":\"rebuild-postgres\",").contains("\"goal\":\"150,000/s\"");
        assertThat(rows().get(4)).contains("\"goal\":\"3,000,000/s\"");
        assertThat(rows().get(5)).contains("\"goal\":\"p50 5,000 us, p99 50,000 us\"");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void what_needs_a_fresh_jvm_has_a_row_too() throws IOException, InterruptedException {
        Path dropCaches = Files.createFile(folder.resolve("drop"));
        Report report = new Report(new PrintWriter(out), true, name -> !ReadCases.NAMES.contains(name));
        try (BenchFolder work = BenchFolder.create(folder.resolve("work"))) {
            logCases(work, report, dropCaches).run();
        }
        assertThat(report.failed()).as(out.toString()).isFalse();
        assertThat(rows()).hasSize(6);
        assertThat(rows().get(0)).startsWith("{\"case\":\"open-clean\",\"events_per_second\":");
        assertThat(rows().get(1)).startsWith("{\"case\":\"memory\",").contains("\"heap_bytes\":", "\"met\":true");
        assertThat(rows().get(2)).startsWith("{\"case\":\"stream-100-cold\",");
        assertThat(rows().get(3)).startsWith("{\"case\":\"open-killed\",").contains("\"met\":true");
        assertThat(rows().get(4))
                .startsWith("{\"case\":\"stream-100-cold-compacted\",")
                .contains("compaction_seconds");
        assertThat(rows().get(5)).startsWith("{\"case\":\"stream-100-hot-compacted\",");
        assertThat(dropCaches).hasContent("1");
    }

    @Test
    void a_page_cache_that_cannot_be_emptied_is_said() throws IOException, InterruptedException {
        Report report = new Report(new PrintWriter(out), true, "stream-100-cold"::equals);
        try (BenchFolder work = BenchFolder.create(folder)) {
            logCases(work, report, folder.resolve("absent")).run();
        }
        assertThat(rows().getFirst()).contains("\"p50_us\":null", "\"met\":null", "run as root on Linux");
    }

    @Test
    void a_case_that_fails_has_a_row_and_the_others_run() throws IOException, InterruptedException {
        Path log = Files.createDirectory(folder.resolve("log"));
        Files.writeString(log.resolve("store"), "something else");
        Report report = new Report(new PrintWriter(out), true, List.of("open-clean", "memory")::contains);
        new FreshCases(log, Layout.of(1_000), report, 1, folder).run();
        assertThat(report.failed()).isTrue();
        assertThat(rows()).hasSize(2).allSatisfy(row -> assertThat(row).contains("\"met\":false", "failed: "));
    }

    @Test
    void a_person_gets_a_table() {
        assertThat(bench("--rounds", "1", "--millis", "20", "--case", "append-1"))
                .isEqualTo(0);
        assertThat(rows()).hasSize(2);
        assertThat(rows().get(0)).matches("case +events/s +spread +p50 us +p99 us +x disk +goal");
        assertThat(rows().get(1)).matches("append-1 +[0-9,]+ +0% +[0-9.,]+ +[0-9.,]+ +[0-9.]+ +(met|missed): .*");
    }

    @Test
    void wrong_usage_is_one_line() {
        assertThat(bench("--case", "append-2")).isEqualTo(2);
        assertThat(bench("--events", "999")).isEqualTo(2);
        assertThat(bench("--rounds", "0")).isEqualTo(2);
        assertThat(bench("--peers", "--case", "disk")).isEqualTo(2);
        assertThat(bench("--postgres", "--case", "append-1")).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(5).allMatch(line -> line.startsWith("leftfold: "));
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void a_log_that_does_not_fit_is_said_before_anything_is_written() throws IOException {
        try (BenchFolder work = BenchFolder.create(folder)) {
            assertThatThrownBy(() -> work.checkRoom(Long.MAX_VALUE))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("give --dir another folder");
            work.checkRoom(1);
        }
    }

    @Test
    void peers_that_were_not_built_are_said() {
        assertThat(bench("--peers")).isEqualTo(1);
        assertThat(err.toString()).startsWith("leftfold: the peers are not on the class path; run ./leftfold bench");
    }

    @Test
    void a_server_that_was_not_built_is_said() throws IOException {
        assertThat(bench("--postgres")).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("leftfold: the PostgreSQL server is not on the class path; run ./leftfold bench");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_peer_that_cannot_start_leaves_the_others_alone() throws IOException {
        Report report = new Report(new PrintWriter(out), true, name -> true);
        Progress progress = new Progress(new PrintWriter(err), false);
        try (BenchFolder work = BenchFolder.create(folder)) {
            Run run = new Run(work, report, progress, new Rounds(1, 20));
            new PeerCases(run, PeerPlan.EMBEDDED, List.of(new BrokenPeer(), new LeftfoldPeer())).run(10_000);
        }
        assertThat(rows()).hasSize(2 * PeerPlan.EMBEDDED.names().size());
        assertThat(rows().stream().filter(row -> row.contains("\"peer\":\"broken\"")))
                .hasSameSizeAs(PeerPlan.EMBEDDED.names())
                .allSatisfy(row -> assertThat(row).contains("\"events_per_second\":null", "no such library"));
        assertThat(rows().stream().filter(row -> row.contains("\"peer\":\"leftfold\"")))
                .hasSameSizeAs(PeerPlan.EMBEDDED.names())
                .noneMatch(row -> row.contains("\"events_per_second\":null"));
    }

    private LogCases logCases(BenchFolder work, Report report, Path dropCaches) {
        Progress progress = new Progress(new PrintWriter(err), true);
        return new LogCases(work, report, progress, Layout.of(Long.parseLong(EVENTS)), 1).withDropCaches(dropCaches);
    }

    private static String[] args(String first, List<String> cases) {
        return Stream.concat(
                        Stream.of(first, "--rounds", "1", "--millis", "20", "--events", EVENTS),
                        cases.stream().flatMap(name -> Stream.of("--case", name)))
                .toArray(String[]::new);
    }

    private static final class BrokenPeer implements Peer {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public String lacks() {
            return "everything";
        }

        @Override
        public boolean readsStreams() {
            return true;
        }

        @Override
        public PeerLog open(Path path) {
            throw new UnsatisfiedLinkError("no such library");
        }
    }
}
