// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code projections}: the read side; it only has commands. */
@Command(
        name = "projections",
        description = "Look at and look after the application's projections and what they make.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {"", "Example:", "  leftfold projections list"})
final class ProjectionsCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli reads it: it brings --help and the options that all commands have
    private final CommonOptions common = new CommonOptions();

    private ProjectionsCommand() {}

    /** Returns the command with those below it. */
    static CommandLine create(Terminal terminal) {
        return new CommandLine(new ProjectionsCommand())
                .addSubcommand(new ProjectionListCommand(terminal))
                .addSubcommand(new ProjectionStatusCommand(terminal))
                .addSubcommand(new RebuildCommand(terminal))
                .addSubcommand(new ReplayCommand(terminal))
                .addSubcommand(new DiffCommand(terminal))
                .addSubcommand(new ParkedCommand(terminal));
    }

    @Override
    public Integer call() {
        throw Refusal.wrongUsage("name one of list, status, rebuild, replay, diff and parked");
    }
}
