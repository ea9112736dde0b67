// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./leftfold bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure appends, reads, opening and read models, beside the disk's own speed in the same run.",
        footer = "Exit codes: 0 measured, whether goals were met or not; 1 failed; 2 wrong usage.")
public final class Main implements Callable<Integer> {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
    private static final long EVENTS_MIN = 1_000;
    private static final long EVENTS_MAX = 1_000_000_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--events", paramLabel = "N", description = "Events in each log that is read (default 1000000).")
    private long events = 1_000_000;

    @Option(names = "--rounds", paramLabel = "N", description = "How often each case is measured (default 5).")
    private int rounds = 5;

    @Option(
            names = "--millis",
            paramLabel = "N",
            description = "How long each round of an append case takes (default 2000).")
    private int millis = 2_000;

    @Option(names = "--case", paramLabel = "NAME", description = "Only this case; can be given more than once.")
    private Set<String> cases = Set.of();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where to write; removed afterwards (default target/bench).")
    private Path folder = Path.of("target", "bench");

    @Option(
            names = "--peers",
            arity = "0..1",
            split = ",",
            fallbackValue = PeerCases.ALL,
            paramLabel = "NAME",
            description = "Run the same appends and reads through other systems too: all, or those of these names.")
    private @Nullable List<String> peers;

    @Option(names = "--json", description = "One JSON object per case, nothing else.")
    private boolean json;

    /** Runs the benchmark and exits: 0 done, 1 failed, 2 wrong usage. */
    public static void main(String[] args) {
        CommandLine commands = commandLine();
        commands.setOut(commands.getOut()).setErr(commands.getErr());
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        System.setOut(nowhere); // for what peers have to say of themselves
        System.setErr(nowhere);
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> e.printStackTrace(commands.getErr()));
        System.exit(commands.execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler((e, args) -> {
                    PrintWriter err = e.getCommandLine().getErr();
                    err.println("leftfold: " + e.getMessage() + "; see ./leftfold bench --help");
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println("leftfold: " + (e.getMessage() == null ? e : e.getMessage()));
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    @Override
    public Integer call() throws Exception {
        checkOptions();
        Report report = new Report(spec.commandLine().getOut(), json, name -> cases.isEmpty() || cases.contains(name));
        Progress progress = new Progress(spec.commandLine().getErr(), watched());
        try (BenchFolder work = BenchFolder.create(folder)) {
            if (peers == null) {
                runCases(work, report, progress);
            } else {
                runPeers(work, report, progress);
            }
        }
        return report.failed() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    private void runCases(BenchFolder work, Report report, Progress progress) throws Exception {
        Rounds times = new Rounds(rounds, millis);
        Layout layout = Layout.of(events);
        work.checkRoom(Math.max(
                AppendCases.NAMES.stream().anyMatch(report::wants) ? AppendCases.bytesMax(times) : 0,
                Math.max(
                        LogCases.names().anyMatch(report::wants) ? LogCases.bytesMax(layout) : 0,
                        ProjectionCases.NAMES.stream().anyMatch(report::wants)
                                ? ProjectionCases.bytesMax(events)
                                : 0)));
        new AppendCases(work, report, progress, times).run();
        new LogCases(work, report, progress, layout, rounds).run();
        new ProjectionCases(work, report, progress, events, times).run();
    }

    private void runPeers(BenchFolder work, Report report, Progress progress) throws IOException {
        List<Peer> chosen = PeerCases.chosen(Objects.requireNonNull(peers));
        Rounds times = new Rounds(rounds, millis);
        work.checkRoom(PeerCases.bytesMax(times, events, chosen.size()));
        new PeerCases(work, report, progress, times, chosen).run(events);
    }

    private void checkOptions() {
        if (events < EVENTS_MIN || events > EVENTS_MAX) {
            throw wrong("--events takes %,d to %,d, not %,d".formatted(EVENTS_MIN, EVENTS_MAX, events));
        }
        if (rounds < 1 || millis < 1) {
            throw wrong("--rounds and --millis take 1 or more");
        }
        List<String> names = peers != null
                ? PeerCases.NAMES
                : Stream.of(AppendCases.NAMES.stream(), LogCases.names(), ProjectionCases.NAMES.stream())
                        .flatMap(Function.identity())
                        .toList();
        for (String name : cases) {
            if (!names.contains(name)) {
                throw wrong("there is no case " + name + "; the cases are " + String.join(", ", names));
            }
        }
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }

    /** Returns whether a person watches standard error. */
    private static boolean watched() {
        try {
            String target = Files.readSymbolicLink(STANDARD_ERROR).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
