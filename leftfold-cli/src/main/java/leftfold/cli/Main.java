// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import leftfold.cli.imports.ImportException;
import leftfold.jdbc.DatabaseException;
import leftfold.jdbc.ReadModelException;
import leftfold.schema.SchemaException;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import leftfold.subscription.CheckpointException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The command line's entry: parses, runs one command, and turns every failure into one line and an exit code. */
public final class Main {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    // Kept, for the setting goes with it. Commands say themselves, in one line, what the database refuses.
    private static final Logger DRIVER_LOG = Logger.getLogger("org.postgresql");

    private Main() {}

    /** Runs one command on the process's own streams and ends the process with its exit code. */
    public static void main(String[] args) {
        Terminal terminal = new Terminal(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                System.getenv(),
                watched());
        System.exit(run(terminal, args));
    }

    /** Runs one command on {@code terminal} and returns its exit code: 0 done, 1 refused or failed, 2 wrong usage. */
    public static int run(Terminal terminal, String... args) {
        DRIVER_LOG.setLevel(Level.OFF);
        CommandLine commands = new CommandLine(new RootCommand())
                .addSubcommand(new DemoCommand(terminal))
                .addSubcommand(new ImportCommand(terminal))
                .addSubcommand(new AppendCommand(terminal))
                .addSubcommand(new ReadCommand(terminal))
                .addSubcommand(new TailCommand(terminal))
                .addSubcommand(new StateCommand(terminal))
                .addSubcommand(new HistoryCommand(terminal))
                .addSubcommand(new TraceCommand(terminal))
                .addSubcommand(new StreamsCommand(terminal))
                .addSubcommand(new StatsCommand(terminal))
                .addSubcommand(ProjectionsCommand.create(terminal))
                .addSubcommand(new CopyCommand(terminal))
                .addSubcommand(new VerifyCommand(terminal))
                .addSubcommand(new CompactCommand(terminal));
        commands.registerConverter(StreamId.class, Converters::stream)
                .registerConverter(Tag.class, Converters::tag)
                .registerConverter(UUID.class, Converters::id)
                .registerConverter(Instant.class, Converters::time)
                .registerConverter(LogPoint.class, LogPoint::parse)
                .registerConverter(Charset.class, Converters::charset)
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(terminal.out())
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((e, given) -> wrongUsage(terminal, e))
                .setExecutionExceptionHandler((e, command, parsed) -> failed(terminal, command, e));
        try {
            int exitCode = commands.execute(args);
            // What is printed by others than this command line, such as help or the demo, does not say that it failed.
            IOException lost = exitCode == 0 ? terminal.lost() : null;
            return lost == null ? exitCode : outputLost(terminal, new Terminal.OutputClosed(lost));
        } catch (StackOverflowError | OutOfMemoryError e) {
            terminal.error("not enough memory (" + e + "); give Java more, such as JAVA_TOOL_OPTIONS=-Xmx4g");
            return Refusal.FAILED;
        }
    }

    private static int wrongUsage(Terminal terminal, ParameterException e) {
        return wrongUsage(terminal, e.getCommandLine(), String.valueOf(e.getMessage()));
    }

    private static int wrongUsage(Terminal terminal, CommandLine command, String message) {
        terminal.error(message + "; see " + command.getCommandSpec().qualifiedName() + " --help");
        return Refusal.WRONG_USAGE;
    }

    private static int failed(Terminal terminal, CommandLine command, Exception e) {
        String message = String.valueOf(e.getMessage());
        switch (e) {
            case Refusal refusal
            when refusal.exitCode() == Refusal.WRONG_USAGE -> {
                return wrongUsage(terminal, command, message);
            }
            case Terminal.OutputClosed closed -> {
                return outputLost(terminal, closed);
            }
            case Refusal refusal -> terminal.error(message);
            case ImportException refused -> terminal.error(message);
            case StoreException refused -> terminal.error(message);
            case SchemaException refused -> terminal.error(message);
            case ReadModelException refused -> terminal.error(message);
            case CheckpointException refused -> terminal.error(message);
            case DatabaseException failure -> terminal.error("the read database: " + message);
            case IllegalArgumentException refused -> terminal.error(message);
            case IOException failure -> terminal.error("input or output failed: " + failure);
            case UncheckedIOException failure -> terminal.error("input or output failed: " + failure.getCause());
            default -> terminal.error("internal error, please report it: " + e + origin(e));
        }
        return Refusal.FAILED;
    }

    private static int outputLost(Terminal terminal, Terminal.OutputClosed closed) {
        if (closed.quiet()) {
            return 0;
        }
        terminal.error("cannot write the output: " + closed.getMessage());
        return Refusal.FAILED;
    }

    private static String origin(Exception e) {
        StackTraceElement[] frames = e.getStackTrace();
        return frames.length == 0 ? "" : " at " + frames[0];
    }

    /** Returns whether standard error is a terminal, where the system says so: Java 21 cannot ask. */
    private static boolean watched() {
        try {
            String target = Files.readSymbolicLink(STANDARD_ERROR).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
