// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON as trees, for what has to look inside; slow to start, so only where it is needed. */
final class Trees {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonNodeFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Trees() {}

    /** Returns {@code json} as a tree; numbers keep all their digits. */
    static JsonNode parse(String json) {
        return MAPPER.readTree(json);
    }

    /** Returns {@code value} as a tree. */
    static JsonNode of(@Nullable Object value) {
        return MAPPER.valueToTree(value);
    }

    /** Returns {@code tree} on one line. */
    static String line(JsonNode tree) {
        return MAPPER.writeValueAsString(tree);
    }

    /** Returns {@code tree} indented. */
    static String pretty(JsonNode tree) {
        return MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(tree);
    }

    /**
     * Returns {@code target} after {@code patch}, as RFC 7386 says: objects merge, null removes, anything else
     * replaces. {@code target} may be changed.
     */
    static JsonNode merge(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        ObjectNode merged = target instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            if (change.getValue().isNull()) {
                merged.remove(change.getKey());
            } else {
                JsonNode before = merged.path(change.getKey());
                merged.set(change.getKey(), merge(before, change.getValue()));
            }
        }
        return merged;
    }
}
