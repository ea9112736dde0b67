// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Which command this is, why it is given and for whom. Immutable; headers keep their order.
 *
 * <p>Causation can be walked from event to event: an event's {@code causationId} is the id of the event that the
 * command was a reaction to, and the command's own id then stands in the header {@value #COMMAND_ID_HEADER}. A command
 * that came from outside begins the tree: {@code causationId} is its id.
 *
 * @param commandId the same id again is the same command, and is not handled a second time
 * @param causeId the id of the event that the command is a reaction to, or null
 * @param correlationId the id shared by everything that one request sets off; null for the command's id
 * @param actor the person or system on whose behalf it is given, or null
 * @param headers anything else that the events' metadata is to carry
 */
public record CommandContext(
        UUID commandId,
        @Nullable UUID causeId,
        @Nullable String correlationId,
        @Nullable String actor,
        Map<String, String> headers) {
    /** The metadata header with the command's id, where {@code causationId} is that of an event. */
    public static final String COMMAND_ID_HEADER = "commandId";

    /** Copies. */
    public CommandContext {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** Returns the context of a command from outside that has this id. */
    public static CommandContext of(UUID commandId) {
        return new CommandContext(commandId, null, null, null, Map.of());
    }

    /** Returns the context of a command from outside with a random id: given again, it is another command. */
    public static CommandContext random() {
        return of(UUID.randomUUID());
    }

    /**
     * Returns the context of a command given because of {@code cause}, with the correlation and actor of that event.
     * The command's id follows from {@code cause} and {@code reaction}, so that an event delivered twice leads to one
     * effect; it is the {@link NamedIds#named} of {@code reaction/stream} in the namespace of the event's id.
     *
     * @param reaction the name of what reacts; two commands to one stream because of one event need different names
     */
    public static CommandContext because(RecordedEvent cause, String reaction) {
        UUID commandId =
                NamedIds.named(cause.id(), reaction + "/" + cause.stream().value());
        String correlationId = cause.metadata().correlationId();
        return new CommandContext(
                commandId,
                cause.id(),
                correlationId == null ? cause.id().toString() : correlationId,
                cause.metadata().actor(),
                Map.of());
    }

    /** Returns the same with this correlation. */
    public CommandContext withCorrelationId(@Nullable String id) {
        return new CommandContext(commandId, causeId, id, actor, headers);
    }

    /** Returns the same with this actor. */
    public CommandContext withActor(@Nullable String who) {
        return new CommandContext(commandId, causeId, correlationId, who, headers);
    }

    /** Returns the same with one header added or replaced. */
    public CommandContext withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new CommandContext(commandId, causeId, correlationId, actor, more);
    }

    /** Returns the metadata of the events that the command leads to. */
    Metadata metadata(@Nullable String producer) {
        String command = commandId.toString();
        String correlation = correlationId == null ? command : correlationId;
        if (causeId == null) {
            return new Metadata(command, correlation, actor, producer, headers);
        }
        return new Metadata(causeId.toString(), correlation, actor, producer, headers)
                .withHeader(COMMAND_ID_HEADER, command);
    }
}
