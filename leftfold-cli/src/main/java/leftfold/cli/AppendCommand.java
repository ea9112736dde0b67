// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import leftfold.store.AppendCondition;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Limits;
import leftfold.store.Metadata;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import leftfold.store.Tag;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code append}: one event. */
@Command(
        name = "append",
        description = "Append one event; create the store if it is not there.",
        footer = {"", "Example:", "  leftfold append order-1 --type OrderPlaced --data '{\"total\":12}' --expect 0"})
final class AppendCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";
    private static final char REPLACEMENT = '\ufffd';

    private final Terminal terminal;

    @Parameters(arity = "1", paramLabel = "STREAM", description = "The stream, such as order-1.")
    private @Nullable StreamId stream;

    @Option(names = "--type", required = true, paramLabel = "T", description = "What happened, such as OrderPlaced.")
    private String type = "";

    @Option(names = "--data", paramLabel = "JSON", description = "The event's data; - reads it from standard input.")
    private String data = "{}";

    @Option(
            names = "--expect",
            paramLabel = "N",
            description = "Refuse unless the stream is at version N; 0 means that it must not exist.")
    private @Nullable Long expect;

    @Option(names = "--tag", paramLabel = "K:V", description = "A tag; again for one more.")
    private final List<Tag> tags = new ArrayList<>();

    @Option(names = "--id", paramLabel = "UUID", description = "The event's id: again the same, it is the same event.")
    private UUID id = UUID.randomUUID();

    @Option(names = "--schema-version", paramLabel = "N", description = "The version of the type's schema, from 1.")
    private int schemaVersion = 1;

    @Option(names = "--actor", paramLabel = "WHO", description = "On whose behalf it happened.")
    private @Nullable String actor;

    @Option(names = "--correlation", paramLabel = "ID", description = "What it belongs to.")
    private @Nullable String correlation;

    @Option(names = "--causation", paramLabel = "ID", description = "What caused it.")
    private @Nullable String causation;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    AppendCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        checkArguments();
        StreamWrite write = write();
        List<AppendCondition> conditions = conditions(write.stream());
        try (EventStore store = common.location(terminal).open()) {
            print(write, store.append(List.of(write), conditions));
        } catch (Terminal.OutputClosed e) {
            if (e.quiet()) {
                throw e;
            }
            throw Refusal.failed("the event is stored, but the output cannot be written: " + e.getMessage());
        } catch (StoreException.Conflict e) {
            throw Refusal.failed("conflict on " + Shown.line(write.stream().value()) + ": expected version "
                    + e.expected() + ", found " + e.found() + "; read the stream and decide again");
        }
        return 0;
    }

    /** Refuses what Java put in place of bytes that it could not read: two names could become one. */
    private void checkArguments() {
        boolean unread = spec != null
                && spec.commandLine().getParseResult().originalArgs().stream()
                        .anyMatch(argument -> argument.indexOf(REPLACEMENT) >= 0);
        if (unread) {
            throw Refusal.wrongUsage("an argument is not text in this locale; set LC_ALL to one with UTF-8");
        }
    }

    private StreamWrite write() throws IOException {
        Data json = data();
        if (stream == null) {
            throw Refusal.wrongUsage("name the STREAM");
        }
        try {
            Metadata metadata = new Metadata(causation, correlation, actor, Version.producer(), Map.of());
            Event event = new Event(id, type, schemaVersion, json, metadata, new LinkedHashSet<>(tags));
            return new StreamWrite(stream, List.of(event));
        } catch (IllegalArgumentException e) {
            throw Refusal.wrongUsage(String.valueOf(e.getMessage()));
        }
    }

    private List<AppendCondition> conditions(StreamId to) {
        if (expect == null) {
            return List.of();
        }
        if (expect < 0) {
            throw Refusal.wrongUsage("--expect is " + expect + "; versions count from 1, 0 means no stream");
        }
        return List.of(new AppendCondition.StreamAt(to, expect));
    }

    private Data data() throws IOException {
        String text = data.equals(STANDARD_INPUT) ? standardInput() : data;
        String mistake = Json.mistake(text);
        if (mistake != null) {
            throw Refusal.wrongUsage("--data is not JSON: " + mistake);
        }
        try {
            return Data.json(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.wrongUsage(String.valueOf(e.getMessage()));
        }
    }

    private String standardInput() throws IOException {
        byte[] bytes = terminal.in().readNBytes(Limits.DATA_BYTES_MAX + 1);
        if (bytes.length > Limits.DATA_BYTES_MAX) {
            throw Refusal.wrongUsage("standard input is longer than " + Limits.DATA_BYTES_MAX + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Refusal.wrongUsage("standard input is not UTF-8");
        }
    }

    private void print(StreamWrite write, AppendResult result) {
        String eventId = write.events().getFirst().id().toString();
        if (common.json()) {
            terminal.line(Json.object(json -> {
                json.writeStringProperty("stream", write.stream().value());
                json.writeNumberProperty("version", result.version());
                json.writeNumberProperty("position", result.position());
                json.writeStringProperty("id", eventId);
                json.writeBooleanProperty("repeated", result.repeated());
            }));
        } else {
            terminal.line(Shown.line(write.stream().value()) + " is at version " + result.version() + ", position "
                    + result.position() + (result.repeated() ? "; this event was already there" : ""));
        }
    }
}
