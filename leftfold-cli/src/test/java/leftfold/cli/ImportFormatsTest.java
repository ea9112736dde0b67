// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import leftfold.cli.Commands.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each format becomes, and what is said where it is malformed. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ImportFormatsTest {
    @TempDir
    private Path folder;

    private Commands commands;

    @BeforeEach
    void open() {
        commands = new Commands(folder.resolve("store"));
    }

    @Test
    void xes_keeps_types_nesting_and_the_attributes_of_the_case() {
        commands.run("import", Commands.sample(folder, "loans.xes"));

        assertThat(types("loans-173688")).containsExactly("Submitted", "Accepted", "Reopened");
        assertThat(data("loans-173688"))
                .containsExactly(
                        "{\"concept:name\":\"Submitted\",\"time:timestamp\":\"2011-10-01T00:38:44.546+02:00\","
                                + "\"attempt\":1,\"code\":\"007\",\"online\":true,"
                                + "\"identity:id\":\"5d1ca9b7-2f0a-4a8e-8c36-7d7d4c1a0001\","
                                + "\"case:concept:name\":\"173688\",\"case:amount\":20000.50}",
                        "{\"concept:name\":\"Accepted\","
                                + "\"org:resource\":{\"value\":\"Zoë & Søren\",\"attributes\":{\"team\":\"North\"}},"
                                + "\"offers\":[{\"offer\":1},{\"offer\":2}],\"customer\":{\"city\":\"Utrecht\"}}",
                        "{\"concept:name\":\"Reopened\",\"case:concept:name\":\"173688\"}");
    }

    @Test
    void a_trace_without_a_name_is_named_by_its_ordinal_and_one_without_events_is_no_stream() {
        commands.run("import", Commands.sample(folder, "loans.xes"));

        assertThat(commands.run("streams").lines())
                .containsExactly("       3  loans-173688", "       1  loans-trace-2");
    }

    @Test
    void gzip_is_known_by_its_content() throws IOException {
        byte[] sample = Files.readAllBytes(Path.of(Commands.sample(folder, "loans.xes")));
        Path file = folder.resolve("packed.xes");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(sample);
        }

        assertThat(commands.run("import", file.toString()).out()).contains("4 events in 2 streams, 4 added");
    }

    @Test
    void other_attributes_can_name_case_activity_and_time() throws IOException {
        String file = write(
                "x.xes",
                "<log><trace><int key='no' value='7'/><event><string key='step' value='Go'/>"
                        + "<date key='at' value='2020-01-01'/></event></trace></log>");

        commands.run("import", file, "--case-column", "no", "--activity-column", "step", "--time-column", "at");

        assertThat(types("x-7")).containsExactly("Go");
        assertThat(data("x-7"))
                .containsExactly(
                        "{\"step\":\"Go\",\"at\":\"2020-01-01\",\"time:timestamp\":\"2020-01-01\",\"case:no\":7}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<log><trace></log> | x.xes:1:15: not well-formed XML",
                "<log>¶<trace><event><string key='concept:name' value='a'/></event> | x.xes:2:",
                "<log><trace><event></event></trace></log> | x.xes:1:20: the event has no concept:name",
                "<log><trace><event><string key='concept:name' value=''/></event></trace></log> | has no concept:name",
                "<log><event/></log> | x.xes:1:14: the event stands outside of a trace",
                "<log><trace><trace/></trace></log> | a trace stands in a trace",
                "<log><trace><string value='a'/></trace></log> | <string> has no key",
                "<html/> | the file is not XES: it begins with <html>",
                "hello | x.xes:1:1: not well-formed XML",
                "'' | x.xes:1:1: not well-formed XML",
                "<!DOCTYPE log [<!ENTITY a 'b'>]><log/> | a document type is not allowed",
                "<!DOCTYPE log SYSTEM 'http://127.0.0.1:1/x.dtd'><log/> | a document type is not allowed",
                "<log a='&lol;'/> | x.xes:1:",
            })
    void malformed_xes_is_refused_with_its_place(String text, String words) throws IOException {
        refused(write("x.xes", text.replace('¶', '\n')), words);
    }

    @Test
    void xes_is_read_in_the_encoding_that_it_names_or_shows() throws IOException {
        String text = "<log><trace><string key='concept:name' value='é'/>"
                + "<event><string key='concept:name' value='Zoë'/></event></trace></log>";

        importBytes("latin.xes", ("<?xml version='1.0' encoding='ISO-8859-1'?>" + text).getBytes(ISO_8859_1));
        importBytes("marked.xes", ("<?xml version='1.0' encoding='UTF-16'?>" + text).getBytes(UTF_16));
        importBytes("bare.xes", text.getBytes(UTF_16LE));
        importBytes("bare-end.xes", text.getBytes(UTF_16BE));
        importBytes("pretended.xes", ("<?xml version='1.0' encoding='utf-16'?>" + text).getBytes(UTF_8));
        importBytes("unnamed.log", text.getBytes(UTF_16));

        for (String name : List.of("latin", "marked", "bare", "bare_end", "pretended", "unnamed")) {
            assertThat(types(name + "-é")).containsExactly("Zoë");
        }
    }

    @Test
    void xes_that_is_no_text_in_its_encoding_is_refused_in_one_line() throws IOException {
        byte[] latin = "<log a='ü'/>".getBytes(ISO_8859_1);
        PrintStream before = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, UTF_8));
        try {
            refused(Files.write(folder.resolve("x.xes"), latin).toString(), "correct the encoding");
        } finally {
            System.setErr(before);
        }
        refused(write("y.xes", "<?xml version='1.0' encoding='klingon'?><log/>"), "unknown encoding 'klingon'");

        assertThat(printed.toString(UTF_8)).isEmpty();
    }

    @Test
    void a_log_may_have_any_number_of_escaped_characters() throws IOException {
        String event = "<event><string key='concept:name' value='" + "&amp;".repeat(100) + "'/></event>";
        String file = write("x.xes", "<log><trace>" + event.repeat(2_000) + "</trace></log>");

        assertThat(commands.run("import", file).out()).contains("2,000 events");
    }

    @Test
    void attributes_nested_without_end_are_refused() throws IOException {
        String deep = "<log><trace><event>" + "<string key='a' value='b'>".repeat(10_000);

        refused(write("x.xes", deep), "nested deeper than 64");
        refused(write("x.xes", "<log><trace><event><list key='a'>" + "<values>".repeat(10_000)), "nested deeper");
    }

    @Test
    void csv_keeps_every_column_and_the_order_of_rows_within_a_case() {
        commands.run(
                "import",
                Commands.sample(folder, "permits.csv"),
                "--case-column",
                "Permit",
                "--activity-column",
                "Step",
                "--time-column",
                "When");

        assertThat(types("permits-p-1")).containsExactly("Received", "Granted");
        assertThat(data("permits-p-1"))
                .containsExactly(
                        "{\"Permit\":\"p-1\",\"Step\":\"Received\",\"When\":\"2020-01-01\","
                                + "\"Remark\":\"two\\r\\nlines; quoted\",\"time:timestamp\":\"2020-01-01\"}",
                        "{\"Permit\":\"p-1\",\"Step\":\"Granted\",\"When\":\"2020-01-03\",\"Remark\":\"\","
                                + "\"time:timestamp\":\"2020-01-03\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "case:concept:name,concept:name,time:timestamp",
                "Case ID;Activity;Complete Timestamp",
                "caseid|task|time",
                "\uFEFFCASE_ID,Event Name,Start_Time",
            })
    void usual_headers_need_no_options(String header) throws IOException {
        String row = header.contains(";") ? "7;Go;2020" : header.contains("|") ? "7|Go|2020" : "7,Go,2020";

        commands.run("import", write("x.csv", header + "\n" + row + "\n"));

        assertThat(types("x-7")).containsExactly("Go");
        assertThat(data("x-7")).singleElement().asString().contains("\"time:timestamp\":\"2020\"");
    }

    @Test
    void columns_of_one_name_are_all_kept() throws IOException {
        commands.run("import", write("x.csv", "case,activity,n,n,n\n7,Go,1,2,3\n"));

        assertThat(data("x-7")).containsExactly("{\"case\":\"7\",\"activity\":\"Go\",\"n\":[\"1\",\"2\",\"3\"]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "'' ! x.csv is empty",
                "alone ! there is only one column",
                "a,b¶1,2 ! cannot tell which column of",
                "case,b¶1,2 ! give --activity-column one of case, b",
                "case,activity¶1,x¶2,\"y ! x.csv:3:1: in the row that begins here: Unclosed quoted field",
                "case,activity¶1,\"x\"y ! x.csv:2:1: in the row that begins here: Unexpected character",
                "case,activity¶1,x,y ! x.csv:2:1: the row has 3 fields, the header 2",
                "case,activity¶1,x¶¶,x ! x.csv:4:1: column 'case' is empty",
                "case,activity¶1, ! x.csv:2:1: column 'activity' is empty",
            })
    void malformed_csv_is_refused_with_its_place(String text, String words) throws IOException {
        refused(write("x.csv", text.replace('¶', '\n')), words);
    }

    @Test
    void an_unknown_column_is_refused_with_those_that_there_are() throws IOException {
        String file = write("x.csv", "case,activity\n1,a\n");

        refused(file, "has no column 'step'; it has case, activity", "--activity-column", "step");
        refused(file, "has no column 'when'; it has case, activity", "--time-column", "when");
        refused(file, "there is only one column", "--separator", "tab");
    }

    @Test
    void a_json_array_is_refused_as_what_it_is() throws IOException {
        refused(write("x.json", "[{\"case\":1}]"), "x.json:1:1: the line is no JSON object");
    }

    @Test
    void json_lines_are_kept_whole() {
        commands.run("import", Commands.sample(folder, "visits.jsonl"));

        assertThat(types("visits-7")).containsExactly("Opened", "Closed");
        assertThat(data("visits-7"))
                .containsExactly(
                        "{\"case_id\":7,\"action\":\"Opened\",\"time\":\"2020-01-01T00:00:00Z\",\"price\":1.50,"
                                + "\"time:timestamp\":\"2020-01-01T00:00:00Z\"}",
                        "{\"case_id\":7,\"action\":\"Closed\",\"time\":\"2020-01-03T00:00:00Z\",\"tags\":[1,null],"
                                + "\"time:timestamp\":\"2020-01-03T00:00:00Z\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "{\"case\":1,\"activity\":\"a\"}¶{\"case\":1, ! x.jsonl:2:11: not JSON",
                "{\"case\":1,\"activity\":\"a\"} {} ! not JSON: something follows the object; write one",
                "{¶\"case\":1} ! for Object; write one {…} a line",
                "{\"case\":[1} ! x.jsonl:1:11: not JSON: Unexpected close marker '}': expected ']'",
                "[1] ! x.jsonl:1:1: the line is no JSON object",
                "{\"case\":1,\"activity\":\"a\"}¶¶{\"case\":1} ! x.jsonl:3:1: 'activity' is no text or number",
                "{\"case\":null,\"activity\":\"a\"} ! x.jsonl:1:1: 'case' is no text or number",
                "{\"x\":1} ! cannot tell which column",
                "{\"stream\":\"a-1\",\"id\":\"7\",\"type\":\"T\",\"data\":{}} ! x.jsonl:1:1: Invalid UUID string",
                "{\"stream\":\"a-1\",\"id\":\"1-1-1-1-1\",\"type\":\"T\",\"data\":{}} ! Invalid UUID string",
                "{EVENT,\"data\":{},\"schemaVersion\":\"x\"} ! x.jsonl:1:1: not an event",
                "{EVENT,\"data\":{},\"tags\":[{}]} ! x.jsonl:1:1: not an event",
                "{EVENT,\"data\":{},\"tags\":[\"x\"]} ! x.jsonl:1:1: a tag is written key:value",
                "{EVENT,\"data\":{},\"metadata\":{\"headers\":{\"h\":{}}}} ! x.jsonl:1:1: not an event",
                "{EVENT,\"data\":{\"base64\":\"*\",\"contentType\":\"x\"}} ! x.jsonl:1:1: not an event",
                "{\"stream\":\"\",\"id\":\"7\",\"type\":\"T\",\"data\":{}} ! x.jsonl:1:1: ",
            })
    void malformed_json_lines_are_refused_with_their_place(String text, String words) throws IOException {
        String event = "\"stream\":\"a-1\",\"id\":\"0190a6f0-7c1e-7000-8000-000000000001\",\"type\":\"T\"";

        refused(write("x.jsonl", text.replace('¶', '\n').replace("EVENT", event)), words);
    }

    @Test
    void what_read_prints_can_be_imported_and_stays_the_same_event() throws IOException {
        commands.run(
                "append", "order-1", "--type", "Placed", "--data", "{\"a\":1.50}", "--tag", "k:v", "--actor", "me");
        commands.run("append", "order-1", "--type", "Paid", "--schema-version", "2");
        String printed = commands.run("read", "--json").out();
        Commands other = new Commands(folder.resolve("other"));
        String file = write("events.jsonl", printed);

        assertThat(other.run("import", file).out()).contains("2 events in 1 stream, 2 added");
        assertThat(other.run("import", file).out()).contains("2 events in 1 stream, 0 added");

        assertThat(withoutTime(other.run("read", "--json").out())).isEqualTo(withoutTime(printed));
    }

    @Test
    void what_read_printed_of_several_streams_keeps_its_order() throws IOException {
        for (String stream : List.of("a-1", "b-1", "a-1", "a-1", "b-1", "c-1")) {
            commands.run("append", stream, "--type", "T");
        }
        String printed = commands.run("read", "--json").out();
        Commands other = new Commands(folder.resolve("other"));

        other.run("import", write("events.jsonl", printed));

        assertThat(withoutTime(other.run("read", "--json").out())).isEqualTo(withoutTime(printed));
    }

    private void importBytes(String name, byte[] bytes) throws IOException {
        Outcome outcome =
                commands.run("import", Files.write(folder.resolve(name), bytes).toString());
        assertThat(outcome.err()).isEmpty();
    }

    private static String withoutTime(String events) {
        return events.replaceAll("\"recordedAt\":\"[^\"]*\"", "");
    }

    private void refused(String file, String words, String... options) {
        String[] args =
                Stream.concat(Stream.of("import", file), Arrays.stream(options)).toArray(String[]::new);

        Outcome outcome = commands.run(args);

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).hasLineCount(1).contains(words);
        assertThat(folder.resolve("store")).doesNotExist();
    }

    private List<String> types(String stream) {
        return commands.run("read", stream, "--json").json().stream()
                .map(event -> event.path("type").asString())
                .toList();
    }

    /** Returns the data of each event as it is printed, which is as it is stored. */
    private List<String> data(String stream) {
        return commands.run("read", stream, "--json").lines().stream()
                .map(line -> line.substring(line.indexOf("\"data\":") + "\"data\":".length(), line.length() - 1))
                .toList();
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text, UTF_8).toString();
    }
}
