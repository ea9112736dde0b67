// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import leftfold.store.Data;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.Tag;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * An event as one line of JSON.
 *
 * <table>
 * <caption>Its properties, in this order</caption>
 * <tr><td>position, stream, version</td><td>its place in the log and in its stream</td></tr>
 * <tr><td>id, type, schemaVersion</td><td>what it is</td></tr>
 * <tr><td>recordedAt</td><td>ISO-8601, UTC</td></tr>
 * <tr><td>metadata</td><td>causationId, correlationId, actor, producer, headers; what is unknown is left out</td></tr>
 * <tr><td>tags</td><td>an array of "key:value"</td></tr>
 * <tr><td>data</td><td>the JSON itself, digit for digit; of anything else {"base64", "contentType"}</td></tr>
 * </table>
 */
final class EventJson {
    private EventJson() {}

    /** Returns {@code event} on one line. */
    static String line(RecordedEvent event) {
        return Json.object(json -> write(json, event));
    }

    /** Returns the data's JSON on one line; null if it is not JSON. */
    static @Nullable String json(Data data) {
        if (!data.contentType().equals(Data.JSON)) {
            return null;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(data.asByteBuffer())
                    .toString();
            return Json.mistake(text) == null ? Json.oneLine(text) : null;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Writes where {@code event} stands, what it is, and its metadata: all but its tags and data. */
    static void writeHead(JsonGenerator json, RecordedEvent event) {
        json.writeNumberProperty("position", event.position());
        json.writeStringProperty("stream", event.stream().value());
        json.writeNumberProperty("version", event.version());
        json.writeStringProperty("id", event.id().toString());
        json.writeStringProperty("type", event.type());
        json.writeNumberProperty("schemaVersion", event.schemaVersion());
        json.writeStringProperty("recordedAt", event.recordedAt().toString());
        writeMetadata(json, event.metadata());
    }

    private static void write(JsonGenerator json, RecordedEvent event) {
        writeHead(json, event);
        json.writeArrayPropertyStart("tags");
        for (Tag tag : event.tags()) {
            json.writeString(tag.toString());
        }
        json.writeEndArray();
        writeData(json, event.data());
    }

    private static void writeMetadata(JsonGenerator json, Metadata metadata) {
        json.writeObjectPropertyStart("metadata");
        writeKnown(json, "causationId", metadata.causationId());
        writeKnown(json, "correlationId", metadata.correlationId());
        writeKnown(json, "actor", metadata.actor());
        writeKnown(json, "producer", metadata.producer());
        if (!metadata.headers().isEmpty()) {
            json.writeObjectPropertyStart("headers");
            for (Map.Entry<String, String> header : metadata.headers().entrySet()) {
                json.writeStringProperty(header.getKey(), header.getValue());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void writeKnown(JsonGenerator json, String name, @Nullable String value) {
        if (value != null) {
            json.writeStringProperty(name, value);
        }
    }

    private static void writeData(JsonGenerator json, Data data) {
        json.writeName("data");
        String text = json(data);
        if (text != null) {
            json.writeRawValue(text);
            return;
        }
        json.writeStartObject();
        json.writeName("base64");
        json.writeBinary(data.bytes());
        json.writeStringProperty("contentType", data.contentType());
        json.writeEndObject();
    }
}
