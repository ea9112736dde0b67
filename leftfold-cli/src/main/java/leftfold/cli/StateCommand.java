// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code state}: what a stream's events fold to. */
@Command(
        name = "state",
        description = {
            "Print what a stream's events fold to, now or at a point in its past.",
            "The application's own fold where it has one, else the merge of the events' JSON (RFC 7386)."
        },
        footer = {"", "Example:", "  leftfold state order-1 --as-of 2026-07-22T15:00:00Z"})
final class StateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(arity = "1", paramLabel = "STREAM", description = "The stream, such as order-1.")
    private @Nullable StreamId stream;

    @Option(names = "--at", paramLabel = "VERSION", description = "After the event of this version.")
    private @Nullable Long at;

    @Option(
            names = "--as-of",
            paramLabel = "TIME",
            description = "As recorded up to then, in ISO-8601; UTC where no zone is given.")
    private @Nullable Instant asOf;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    StateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (stream == null) {
            throw Refusal.wrongUsage("name the STREAM");
        }
        if (at != null && asOf != null) {
            throw Refusal.wrongUsage("give --at or --as-of, not both");
        }
        if (at != null && at < 1) {
            throw Refusal.wrongUsage("--at is " + at + "; versions count from 1");
        }
        try (EventStore store = common.location(terminal).openExisting()) {
            RecordedEvent last = last(store, stream);
            try (Stream<RecordedEvent> events = store.readStream(stream)) {
                print(last, fold(stream, events.limit(last.version())));
            }
        }
        return 0;
    }

    /** Returns the last event that belongs to the state that was asked for. */
    private RecordedEvent last(EventStore store, StreamId of) {
        long version = Streams.requireVersion(store, of);
        if (at != null) {
            Streams.requireVersion(store, of, "--at", at);
            version = at;
        }
        long position = asOf == null ? Long.MAX_VALUE : store.positionAt(asOf);
        try (Stream<RecordedEvent> events = store.readStream(of, version, Direction.BACKWARDS, Long.MAX_VALUE)) {
            return events.filter(event -> event.position() <= position)
                    .findFirst()
                    .orElseThrow(() -> Refusal.failed("stream " + Shown.line(of.value()) + " did not exist at " + asOf
                            + "; leftfold read shows when its events were recorded"));
        }
    }

    private static JsonNode fold(StreamId of, Stream<RecordedEvent> events) {
        RunningState<?> state = RunningState.of(of);
        events.sequential().forEachOrdered(state::take);
        return state.tree();
    }

    private void print(RecordedEvent last, JsonNode state) {
        if (common.json()) {
            terminal.line(Json.object(json -> {
                json.writeStringProperty("stream", last.stream().value());
                json.writeNumberProperty("version", last.version());
                json.writeNumberProperty("position", last.position());
                json.writeStringProperty("recordedAt", last.recordedAt().toString());
                json.writeName("state");
                json.writeRawValue(Trees.line(state));
            }));
            return;
        }
        terminal.line(Shown.line(last.stream().value()) + " at version " + last.version() + ", recorded "
                + Shown.time(last.recordedAt()));
        Trees.pretty(state).lines().map(Shown::line).forEach(terminal::line);
    }
}
