// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.concurrent.Callable;
import leftfold.store.EventStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code projections list}: what projections there are. */
@Command(
        name = "list",
        description = {
            "List the builds of all projections: live is what readers see, building what they will see,",
            "kept what they saw before, and absent what is declared and not built yet."
        },
        footer = {"", "Example:", "  leftfold projections list --json"})
final class ProjectionListCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    ProjectionListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Location location = common.location(terminal);
        try (EventStore store = location.openExisting()) {
            ProjectionLines.all(store, ReadSide.of(location))
                    .forEach(standing -> terminal.line(
                            common.json() ? ProjectionLines.json(standing) : ProjectionLines.line(standing)));
        }
        return 0;
    }
}
