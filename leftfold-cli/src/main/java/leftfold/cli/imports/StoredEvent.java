// SPDX-License-Identifier: Apache-2.0
package leftfold.cli.imports;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Events in the form in which {@code leftfold read --json} prints them, read back. */
final class StoredEvent {
    private static final String BASE64 = "base64";
    private static final String CONTENT_TYPE = "contentType";

    private StoredEvent() {}

    /**
     * Returns the event that {@code line} is.
     *
     * @throws IllegalArgumentException if it is none
     * @throws JacksonException if a part of it is of the wrong kind
     */
    static FileEvent of(ObjectNode line, JsonMapper mapper) {
        Set<Tag> tags = new LinkedHashSet<>();
        for (JsonNode tag : line.path("tags")) {
            tags.add(Tag.parse(tag.stringValue()));
        }
        Event event = new Event(
                id(text(line, "id")),
                text(line, "type"),
                line.has("schemaVersion") ? line.path("schemaVersion").intValue() : 1,
                data(line.required("data"), mapper),
                metadata(line.path("metadata")),
                tags);
        return new FileEvent.Stored(StreamId.of(text(line, "stream")), event);
    }

    /** Java itself would accept less than a whole id. */
    private static UUID id(String text) {
        UUID id = UUID.fromString(text);
        if (!id.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("Invalid UUID string: " + text);
        }
        return id;
    }

    private static Data data(JsonNode data, JsonMapper mapper) {
        boolean binary = data.size() == 2
                && data.path(BASE64).isString()
                && data.path(CONTENT_TYPE).isString();
        return binary
                ? Data.of(
                        data.path(BASE64).binaryValue(), data.path(CONTENT_TYPE).asString())
                : Data.of(mapper.writeValueAsBytes(data), Data.JSON);
    }

    private static Metadata metadata(JsonNode metadata) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> header : metadata.path("headers").properties()) {
            headers.put(header.getKey(), header.getValue().stringValue());
        }
        return new Metadata(
                known(metadata, "causationId"),
                known(metadata, "correlationId"),
                known(metadata, "actor"),
                known(metadata, "producer"),
                headers);
    }

    private static String text(JsonNode line, String key) {
        String text = known(line, key);
        if (text == null) {
            throw new IllegalArgumentException("'" + key + "' is no text; write events as leftfold read --json does");
        }
        return text;
    }

    private static @Nullable String known(JsonNode object, String key) {
        return object.path(key).isString() ? object.path(key).asString() : null;
    }
}
