// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import leftfold.store.EventStore;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code history}: how a stream's state became what it is. */
@Command(
        name = "history",
        description = {
            "Print, event by event, what changed in a stream's state, who did it and why.",
            "Places in the state are JSON pointers (RFC 6901): + is new, - is gone, ~ is another."
        },
        footer = {"", "Example:", "  leftfold history order-1"})
final class HistoryCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(arity = "1", paramLabel = "STREAM", description = "The stream, such as order-1.")
    private @Nullable StreamId stream;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    HistoryCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (stream == null) {
            throw Refusal.wrongUsage("name the STREAM");
        }
        try (EventStore store = common.location(terminal).openExisting()) {
            Streams.requireVersion(store, stream);
            RunningState<?> state = RunningState.of(stream);
            JsonNode before = state.tree().deepCopy();
            try (Stream<RecordedEvent> events = store.readStream(stream)) {
                for (Iterator<RecordedEvent> each = events.iterator(); each.hasNext(); ) {
                    RecordedEvent event = each.next();
                    state.take(event);
                    JsonNode after = state.tree();
                    print(event, Difference.between(before, after));
                    before = after.deepCopy();
                }
            }
        }
        return 0;
    }

    private void print(RecordedEvent event, List<Difference> changes) {
        if (common.json()) {
            terminal.line(Json.object(json -> {
                EventJson.writeHead(json, event);
                Difference.write(json, changes);
            }));
            return;
        }
        terminal.line("@" + event.version() + "  " + Shown.time(event.recordedAt()) + "  " + Shown.line(event.type())
                + why(event.metadata()));
        if (changes.isEmpty()) {
            terminal.line("    nothing changed");
        }
        changes.forEach(change -> terminal.line("    " + change.line()));
    }

    private static String why(Metadata metadata) {
        return told("by", metadata.actor())
                + told("because of", metadata.causationId())
                + told("correlation", metadata.correlationId());
    }

    private static String told(String word, @Nullable String value) {
        return value == null ? "" : "  " + word + " " + Shown.line(value);
    }
}
