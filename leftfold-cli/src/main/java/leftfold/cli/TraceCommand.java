// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import leftfold.cli.CausationTree.Line;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code trace}: why an event is there, and what it led to. */
@Command(
        name = "trace",
        description = {
            "Print what caused an event and what it caused, across streams, as a tree; * is the event.",
            "Causes have no index: the log is read a few times over."
        },
        footer = {"", "Example:", "  leftfold trace 6f1e1d5e-0000-4000-8000-000000000001"})
final class TraceCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(arity = "1", paramLabel = "EVENT-ID", description = "The event's id, as read --json prints it.")
    private @Nullable UUID id;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    TraceCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (id == null) {
            throw Refusal.wrongUsage("name the EVENT-ID");
        }
        try (EventStore store = common.location(terminal).openExisting()) {
            CausationTree tree = CausationTree.of(store, id);
            if (tree.lines().isEmpty()) {
                throw Refusal.failed("no event " + id + " in this store; leftfold read --json prints ids");
            }
            for (Line line : tree.lines()) {
                terminal.line(common.json() ? json(store, line) : text(store, line));
            }
            if (tree.cut()) {
                terminal.error("only the first " + Shown.number(CausationTree.EFFECTS_MAX)
                        + " effects are shown; trace one of them for what followed from it");
            }
        }
        return 0;
    }

    private static String json(EventStore store, Line line) {
        return Json.object(json -> {
            json.writeStringProperty("relation", line.relation().name().toLowerCase(Locale.ROOT));
            json.writeNumberProperty("depth", line.depth());
            if (line.position() == 0) {
                json.writeStringProperty("id", line.id());
            } else {
                EventJson.writeHead(json, event(store, line));
            }
        });
    }

    private static String text(EventStore store, Line line) {
        String indent = "  ".repeat(line.depth());
        return switch (line.relation()) {
            case CAUSE, EFFECT -> "  " + indent + text(event(store, line));
            case EVENT -> "* " + indent + text(event(store, line));
            case MISSING ->
                "? " + indent + Shown.line(line.id())
                        + "  no event here: a command from outside, or an event of another log";
            case CYCLE -> "! " + indent + line.id() + "  goes round: it is in this tree already";
        };
    }

    private static String text(RecordedEvent event) {
        String actor = event.metadata().actor();
        return Shown.line(event.type()) + "  " + Shown.line(event.stream().value()) + " @" + event.version() + "  "
                + Shown.time(event.recordedAt()) + (actor == null ? "" : "  by " + Shown.line(actor)) + "  "
                + event.id();
    }

    private static RecordedEvent event(EventStore store, Line line) {
        try (Stream<RecordedEvent> events = store.read(Query.all(), line.position(), Direction.FORWARDS, 1)) {
            return events.findFirst().orElseThrow();
        }
    }
}
