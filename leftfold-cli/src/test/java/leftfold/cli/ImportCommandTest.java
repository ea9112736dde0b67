// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import leftfold.cli.Commands.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What holds for every format: names, ids, repeats, interruptions, reports. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ImportCommandTest {
    private static final int MANY = 2_500;

    @TempDir
    private Path folder;

    private Commands commands;

    @BeforeEach
    void open() {
        commands = new Commands(folder.resolve("store"));
    }

    @Test
    void the_streams_are_named_after_the_file() throws IOException {
        String file = write("my-own.log.csv", "case,activity\n1,a\n2,b\n1,c\n");

        Outcome outcome = commands.run("import", file, "--json");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.lines())
                .containsExactly("{\"file\":\"" + file + "\",\"name\":\"my_own\",\"format\":\"csv\",\"events\":3,"
                        + "\"added\":3,\"streams\":2}");
        assertThat(commands.run("streams").lines()).containsExactly("       2  my_own-1", "       1  my_own-2");
    }

    @Test
    void a_name_can_be_given() throws IOException {
        String file = write("log.csv", "case,activity\n1,a\n");

        assertThat(commands.run("import", file, "--name", "other").out()).contains("1 event in 1 stream, 1 added");
        assertThat(commands.run("read", "other-1").lines()).hasSize(1);
        assertThat(commands.run("import", file, "--name", "a-b").exitCode()).isEqualTo(2);
        assertThat(commands.run("import", file, "--name", "").exitCode()).isEqualTo(2);
    }

    @Test
    void the_same_file_again_adds_nothing() throws IOException {
        String file = many("many.csv", MANY);
        commands.run("import", file);

        Outcome again = commands.run("import", file, "--json");

        assertThat(counts(again)).containsExactly(MANY, 0, 10);
        assertThat(commands.run("read", "--json").lines()).hasSize(MANY);
    }

    @Test
    void a_file_that_grew_adds_what_is_new() throws IOException {
        commands.run("import", many("many.csv", 1_234));

        assertThat(counts(commands.run("import", many("many.csv", MANY), "--json")))
                .containsExactly(MANY, MANY - 1_234, 10);
    }

    @Test
    void an_import_that_broke_off_goes_on_where_it_was() throws IOException {
        Path whole = gzip("many.csv.gz", Files.readString(Path.of(many("plain.csv", MANY))));
        byte[] bytes = Files.readAllBytes(whole);
        Files.write(whole, Arrays.copyOf(bytes, bytes.length * 3 / 4));

        Outcome broken = commands.run("import", whole.toString());
        Files.write(whole, bytes);
        Outcome resumed = commands.run("import", whole.toString(), "--json");

        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.err()).hasLineCount(1).contains("cut off", "the 1000 events before that are in the store");
        assertThat(counts(resumed)).containsExactly(MANY, MANY - 1_000, 10);
        assertThat(commands.run("read", "--json").lines()).hasSize(MANY);
    }

    @Test
    void another_file_under_the_same_name_is_refused() throws IOException {
        commands.run("import", write("log.csv", "case,activity\n1,a\n1,b\n"));

        Outcome otherType = commands.run("import", write("log.csv", "case,activity\n1,a\n1,c\n"));
        Outcome otherData = commands.run("import", write("log.csv", "case,activity,x\n1,a,\n1,b,\n"));

        assertThat(otherType.exitCode()).isEqualTo(1);
        assertThat(otherType.err())
                .hasLineCount(1)
                .contains("log-1 already has another event at version 2, b", "--name");
        assertThat(otherData.err()).hasLineCount(1).contains("log-1 already has another event at version 1, a");
        assertThat(commands.run("read").lines()).hasSize(2);
    }

    @Test
    void somebody_elses_event_in_the_stream_is_not_overlooked() throws IOException {
        commands.run("import", write("log.csv", "case,activity\n1,a\n"));
        commands.run("append", "log-1", "--type", "Mine");

        assertThat(counts(commands.run("import", write("log.csv", "case,activity\n1,a\n"), "--json")))
                .containsExactly(1, 0, 1);
        assertThat(commands.run("import", write("log.csv", "case,activity\n1,a\n1,b\n"))
                        .err())
                .contains("log-1 already has another event at version 2, Mine");
    }

    @Test
    void a_small_file_with_a_mistake_leaves_nothing_behind() throws IOException {
        Outcome outcome = commands.run("import", write("log.csv", "case,activity\n1,a\n1\n"));

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).hasLineCount(1).contains("log.csv:3:1: the row has 1 fields, the header 2");
        assertThat(folder.resolve("store")).doesNotExist();
    }

    @Test
    void a_file_without_events_still_makes_a_store() throws IOException {
        assertThat(counts(commands.run("import", write("log.csv", "case,activity\n"), "--json")))
                .containsExactly(0, 0, 0);
        assertThat(commands.run("streams").exitCode()).isZero();
    }

    @Test
    void what_is_no_file_is_refused() {
        assertThat(commands.run("import", folder.resolve("none.csv").toString()).err())
                .hasLineCount(1)
                .contains("no file");
        assertThat(commands.run("import", folder.toString()).err())
                .hasLineCount(1)
                .contains("is a folder");
        assertThat(commands.run("import", "-").exitCode()).isEqualTo(2);
        assertThat(commands.run("import", "x.csv", "--format", "mxml").exitCode())
                .isEqualTo(2);
    }

    @Test
    void the_content_decides_where_the_name_says_nothing() throws IOException {
        assertThat(commands.run("import", write("a", "<log/>"), "--json").out()).contains("\"format\":\"xes\"");
        assertThat(commands.run("import", write("b", "\n{\"case\":1,\"activity\":\"x\"}"), "--json")
                        .out())
                .contains("\"format\":\"jsonl\"");
        assertThat(commands.run("import", write("c.txt", "case|activity\n1|x"), "--json")
                        .out())
                .contains("\"format\":\"csv\"");
        assertThat(commands.run("import", write("d.csv", "<log/>"), "--format", "XES", "--json")
                        .out())
                .contains("\"format\":\"xes\"");
    }

    @Test
    void names_that_a_store_cannot_keep_are_refused_with_their_place() throws IOException {
        assertThat(commands.run("import", write("log.csv", "case,activity\n1,a\0\n"))
                        .err())
                .hasLineCount(1)
                .contains("log.csv:2:1: event type has a NUL character");
        assertThat(commands.run("import", write("log.csv", "case,activity\n" + "x".repeat(2_000) + ",a\n"))
                        .err())
                .hasLineCount(1)
                .contains("log.csv:2:1: stream id is 2004 bytes long");
    }

    @Test
    void any_unicode_names_a_case_and_an_activity() throws IOException {
        commands.run("import", write("log.csv", "case,activity\nZoë 👩‍💻/1,申し込み\n"));

        JsonNode event =
                commands.run("read", "log-Zoë 👩‍💻/1", "--json").json().getFirst();
        assertThat(event.path("type").asString()).isEqualTo("申し込み");
    }

    @Test
    void other_charsets_are_refused_or_named() throws IOException {
        String file = write("log.csv", "case,activity\n1,Zoë\n", StandardCharsets.ISO_8859_1);

        assertThat(commands.run("import", file).err()).hasLineCount(1).contains("--charset");
        assertThat(commands.run("import", file, "--charset", "ISO-8859-1").exitCode())
                .isZero();
        assertThat(commands.run("read", "--type", "Zoë").lines()).hasSize(1);
        assertThat(commands.run("import", file, "--charset", "nonsense").exitCode())
                .isEqualTo(2);
    }

    private static List<Integer> counts(Outcome outcome) {
        assertThat(outcome.err()).isEmpty();
        JsonNode report = outcome.json().getFirst();
        return List.of(
                report.path("events").intValue(),
                report.path("added").intValue(),
                report.path("streams").intValue());
    }

    /** Returns a file whose rows of ten cases stand mixed. */
    private String many(String name, int rows) throws IOException {
        StringBuilder text = new StringBuilder("case,activity,remark\n");
        for (int row = 0; row < rows; row++) {
            int remark = (int) (row * 2_654_435_761L % 1_000_003);
            text.append(row % 10)
                    .append(",step ")
                    .append(row % 7)
                    .append(',')
                    .append(remark)
                    .append('\n');
        }
        return write(name, text.toString());
    }

    private String write(String name, String text) throws IOException {
        return write(name, text, StandardCharsets.UTF_8);
    }

    private String write(String name, String text, Charset charset) throws IOException {
        return Files.writeString(folder.resolve(name), text, charset).toString();
    }

    private Path gzip(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }
}
