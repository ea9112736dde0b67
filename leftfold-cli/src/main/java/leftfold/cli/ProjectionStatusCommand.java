// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.List;
import java.util.concurrent.Callable;
import leftfold.store.EventStore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code projections status}: how projections get on. */
@Command(
        name = "status",
        description = "Print how projections get on: lag, rate, why one stopped, what it put aside.",
        footer = {"", "Example:", "  leftfold projections status feed"})
final class ProjectionStatusCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Only this projection.")
    private @Nullable String name;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    ProjectionStatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Location location = common.location(terminal);
        try (EventStore store = location.openExisting()) {
            ReadSide side = ReadSide.of(location);
            List<ProjectionLines.Standing> wanted = ProjectionLines.all(store, side).stream()
                    .filter(standing -> name == null || standing.status().name().equals(name))
                    .toList();
            if (wanted.isEmpty() && name != null) {
                side.projection(name);
            }
            for (ProjectionLines.Standing standing : wanted) {
                List<String> lines =
                        common.json() ? List.of(ProjectionLines.json(standing)) : ProjectionLines.details(standing);
                lines.forEach(terminal::line);
            }
        }
        return 0;
    }
}
