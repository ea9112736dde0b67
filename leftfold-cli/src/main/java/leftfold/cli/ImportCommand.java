// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import leftfold.cli.imports.FileFormat;
import leftfold.cli.imports.ImportReport;
import leftfold.cli.imports.ImportRequest;
import leftfold.cli.imports.Importer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code import}: a real event log into streams. */
@Command(
        name = "import",
        description = {
            "Bring an event log into streams NAME-CASE, one event for each activity.",
            "The same file again adds nothing; an interrupted import goes on where it was.",
            "What read --json printed can be imported too and keeps its streams and ids."
        },
        footer = {"", "Example:", "  leftfold import permits.csv --case-column permit --activity-column step"})
final class ImportCommand implements Callable<Integer> {
    private static final String TAB = "tab";
    private static final String NO_SEPARATORS = "\"\r\n";

    private final Terminal terminal;

    @Parameters(arity = "1", paramLabel = "FILE", description = "XES, CSV or JSON lines, plain or gzip.")
    private @Nullable Path file;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "One of xes, csv, jsonl. Default: what the file looks like.")
    private @Nullable FileFormat format;

    @Option(names = "--name", paramLabel = "NAME", description = "Default: the file's name up to its first dot.")
    private @Nullable String name;

    @Option(names = "--case-column", paramLabel = "COLUMN", description = "The column, key or attribute of the case.")
    private @Nullable String caseColumn;

    @Option(names = "--activity-column", paramLabel = "COLUMN", description = "The one of the activity.")
    private @Nullable String activityColumn;

    @Option(names = "--time-column", paramLabel = "COLUMN", description = "The one of the time.")
    private @Nullable String timeColumn;

    @Option(names = "--separator", paramLabel = "CHAR", description = "What separates a CSV file's columns, or tab.")
    private @Nullable String separator;

    @Option(names = "--charset", paramLabel = "CHARSET", description = "Of a CSV or JSON file. Default: UTF-8.")
    private Charset charset = StandardCharsets.UTF_8;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    ImportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (file == null || file.toString().equals("-")) {
            throw Refusal.wrongUsage("import reads a FILE, not standard input; write it to a file first");
        }
        if (name != null && (name.isEmpty() || name.indexOf('-') >= 0)) {
            throw Refusal.wrongUsage("--name '" + name + "' becomes the streams' category: not empty, and without '-'");
        }
        ImportRequest request = new ImportRequest(
                file,
                format,
                name,
                new ImportRequest.Columns(caseColumn, activityColumn, timeColumn),
                separator(),
                charset);
        Location location = common.location(terminal);
        long bytes = Files.exists(file) ? Files.size(file) : 0;
        Interruption interruption = new Interruption(this::sayInterrupted);
        try (interruption;
                Progress progress = Progress.of(terminal, "import", bytes);
                Importer importer = new Importer(location::open, Version.producer(), progress::at)) {
            print(file, importer.run(request));
        } catch (IOException | RuntimeException e) {
            if (!interruption.asked()) {
                throw e;
            }
        }
        return 0;
    }

    /** Ends the process itself: Java would make an exit code of the signal. */
    private void sayInterrupted() {
        terminal.error("interrupted; import the file again, and it goes on from what is in the store");
        Runtime.getRuntime().halt(Refusal.FAILED);
    }

    private @Nullable Character separator() {
        if (separator == null) {
            return null;
        }
        if (separator.equalsIgnoreCase(TAB) || separator.equals("\\t")) {
            return '\t';
        }
        if (separator.length() != 1 || NO_SEPARATORS.indexOf(separator.charAt(0)) >= 0) {
            throw Refusal.wrongUsage("--separator is one character, or tab, not '" + separator + "'");
        }
        return separator.charAt(0);
    }

    private void print(Path imported, ImportReport report) {
        if (common.json()) {
            terminal.line(Json.object(json -> {
                json.writeStringProperty("file", imported.toString());
                json.writeStringProperty("name", report.name());
                json.writeStringProperty("format", report.format().toString());
                json.writeNumberProperty("events", report.events());
                json.writeNumberProperty("added", report.added());
                json.writeNumberProperty("streams", report.streams());
            }));
        } else {
            terminal.line(Shown.line(imported.toString()) + ": " + Shown.count(report.events(), "event") + " in "
                    + Shown.count(report.streams(), "stream") + ", " + Shown.number(report.added()) + " added");
        }
    }
}
