// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./leftfold bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure appends, reads and opening, beside the disk's own speed in the same run.")
public final class Main implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--events", paramLabel = "N", description = "Events in the log that is read (default 1000000).")
    private int events = 1_000_000;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds of each append case (default 5).")
    private int rounds = 5;

    @Option(names = "--case", paramLabel = "NAME", description = "Only this case; can be given more than once.")
    private Set<String> cases = Set.of();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where to write; removed afterwards (default target/bench).")
    private Path folder = Path.of("target", "bench");

    @Option(names = "--json", description = "One JSON object per case, nothing else.")
    private boolean json;

    /** Runs the benchmark and exits: 0 done, 1 failed, 2 wrong usage. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (events < 1_000 || rounds < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "at least 1000 events and 1 round");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (BenchFolder work = BenchFolder.create(folder)) {
            Report report = new Report(out, json, name -> cases.isEmpty() || cases.contains(name));
            new AppendCases(work, report, rounds).run();
            new ReadCases(work, report, events).run();
        }
        return 0;
    }
}
