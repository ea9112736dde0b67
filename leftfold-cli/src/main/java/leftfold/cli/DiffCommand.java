// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import leftfold.jdbc.JdbcProjection;
import leftfold.jdbc.Replay;
import leftfold.jdbc.RowChange;
import leftfold.store.EventStore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code projections diff}: what changed in a read model. */
@Command(
        name = "diff",
        description = {
            "Print which rows of a read model differ between two points of the log: + is new, - is gone,",
            "~ is another, with what differs in it below. What readers see is not touched."
        },
        footer = {"", "Example:", "  leftfold projections diff feed --at 100 --at 2026-07-22T15:00:00Z"})
final class DiffCommand implements Callable<Integer> {
    private static final int ROW_CHARS_MAX = 400;

    private final Terminal terminal;

    @Parameters(arity = "1", paramLabel = "NAME", description = "The projection.")
    private String name = "";

    @Option(
            names = "--at",
            paramLabel = "POINT",
            description = "A position, inclusive, or a time; give it twice, the earlier point first.")
    private final List<LogPoint> points = new ArrayList<>();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    DiffCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (points.size() != 2) {
            throw Refusal.wrongUsage("give --at twice, not " + points.size() + " times: the two points to compare");
        }
        Location location = common.location(terminal);
        try (EventStore store = location.openExisting()) {
            JdbcProjection projection = ReadSide.of(location).projection(name);
            long from = points.getFirst().in(store, "--at");
            long to = points.getLast().in(store, "--at");
            if (from > to) {
                throw Refusal.wrongUsage(
                        "the first --at, position " + from + ", is after the second, position " + to + "; swap them");
            }
            Interruption interruption = new Interruption(() -> {});
            try (interruption;
                    Progress progress = Progress.of(terminal, "diff", to)) {
                Replay.of(store, projection)
                        .withProgress(status -> progress.at(status.position()))
                        .diff(from, to, this::print);
            } catch (InterruptedException e) {
                if (!interruption.asked()) {
                    throw e;
                }
            }
        }
        return 0;
    }

    private void print(RowChange change) {
        if (common.json()) {
            terminal.line(Json.object(json -> {
                json.writeStringProperty("table", change.table());
                json.writeName("before");
                json.writeRawValue(Trees.line(Trees.of(change.before())));
                json.writeName("after");
                json.writeRawValue(Trees.line(Trees.of(change.after())));
            }));
            return;
        }
        JsonNode before = row(change.before());
        JsonNode after = row(change.after());
        if (!before.isObject() || !after.isObject()) {
            String sign = before.isObject() ? "- " : "+ ";
            terminal.line(sign + change.table() + "  " + shown(before.isObject() ? before : after));
            return;
        }
        ObjectNode same = JsonNodeFactory.instance.objectNode();
        before.properties().stream()
                .filter(column -> column.getValue().equals(after.get(column.getKey())))
                .forEach(column -> same.set(column.getKey(), column.getValue()));
        terminal.line("~ " + change.table() + "  " + shown(same));
        Difference.between(before, after).forEach(difference -> terminal.line("    " + difference.line()));
    }

    private static String shown(JsonNode row) {
        return Shown.line(Trees.line(row), ROW_CHARS_MAX);
    }

    /** Returns the columns, with texts that are JSON objects as such, so that one sees what differs inside. */
    private static JsonNode row(@Nullable Map<String, @Nullable Object> columns) {
        JsonNode tree = Trees.of(columns);
        if (tree instanceof ObjectNode row) {
            row.properties().forEach(column -> {
                String text = column.getValue().stringValue("");
                if (text.startsWith("{") && Json.mistake(text) == null) {
                    column.setValue(Trees.parse(text));
                }
            });
        }
        return tree;
    }
}
