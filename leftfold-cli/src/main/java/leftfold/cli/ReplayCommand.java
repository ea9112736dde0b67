// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import leftfold.jdbc.JdbcProjection;
import leftfold.jdbc.ProjectionStatus;
import leftfold.jdbc.Replay;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code projections replay}: a read model as it was, in a file of its own. */
@Command(
        name = "replay",
        description = {
            "Run a projection once more over a part of the log, into a SQLite file of its own.",
            "What readers see is not touched. Streams and categories add up, tags narrow down."
        },
        footer = {"", "Example:", "  leftfold projections replay feed --until 2026-07-22T15:00:00Z --into then.db"})
final class ReplayCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(arity = "1", paramLabel = "NAME", description = "The projection.")
    private String name = "";

    @Option(
            names = "--until",
            paramLabel = "POINT",
            description = "Up to this position, inclusive, or to what was recorded by this time. Default: all.")
    private @Nullable LogPoint until;

    @Option(names = "--stream", paramLabel = "STREAM", description = "Only this stream's events; again for one more.")
    private final List<StreamId> streams = new ArrayList<>();

    @Option(names = "--category", paramLabel = "C", description = "Only this category's events; again for one more.")
    private final List<String> categories = new ArrayList<>();

    @Option(names = "--tag", paramLabel = "K:V", description = "Only events with this tag; again to narrow further.")
    private final List<Tag> tags = new ArrayList<>();

    @Option(names = "--into", required = true, paramLabel = "FILE", description = "The file, which must not exist yet.")
    private Path into = Path.of("");

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    ReplayCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Location location = common.location(terminal);
        try (EventStore store = location.openExisting()) {
            JdbcProjection projection = ReadSide.of(location).projection(name);
            streams.forEach(stream -> Streams.requireVersion(store, stream));
            long end = until == null ? store.head() : until.in(store, "--until");
            Interruption interruption = new Interruption(this::sayInterrupted);
            try (interruption;
                    Progress progress = Progress.of(terminal, "replay", end)) {
                print(Replay.of(store, projection)
                        .only(scope())
                        .until(end)
                        .withProgress(status -> progress.at(status.position()))
                        .into(into));
            } catch (InterruptedException e) {
                if (!interruption.asked()) {
                    throw e;
                }
            }
        }
        return 0;
    }

    private Query scope() {
        Set<Tag> all = new LinkedHashSet<>(tags);
        List<Query.Item> items = Stream.concat(
                        streams.stream().map(stream -> new Query.Item(stream, null, Set.of(), all)),
                        categories.stream().map(category -> new Query.Item(null, category, Set.of(), all)))
                .toList();
        return items.isEmpty() ? Query.of(new Query.Item(null, null, Set.of(), all)) : new Query(items);
    }

    private void print(ProjectionStatus made) {
        if (common.json()) {
            terminal.line(Json.object(json -> {
                json.writeStringProperty("file", into.toString());
                json.writeStringProperty("name", made.name());
                json.writeNumberProperty("version", made.projectionVersion());
                json.writeNumberProperty("position", made.position());
                json.writeNumberProperty("parked", made.deadLetters());
            }));
        } else {
            terminal.line(Shown.line(into.toString()) + " has " + ProjectionLines.name(made) + " at position "
                    + made.position()
                    + (made.deadLetters() == 0
                            ? ""
                            : ", without " + Shown.count(made.deadLetters(), "event") + " put aside"));
        }
    }

    /** Ends the process itself: Java would make an exit code of the signal. */
    private void sayInterrupted() {
        terminal.error("interrupted; " + into + " has what was done by then, remove it before you replay again");
        Runtime.getRuntime().halt(Refusal.FAILED);
    }
}
