// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * A place where two JSON values differ. Immutable.
 *
 * @param path the place, as a JSON pointer (RFC 6901); empty for the whole
 * @param before what was there; null if nothing was
 * @param after what is there now; null if nothing is
 */
record Difference(
        String path, @Nullable JsonNode before, @Nullable JsonNode after) {
    private static final int VALUE_CHARS_MAX = 160;

    /** Returns where {@code after} differs from {@code before}, in the order of the places. */
    static List<Difference> between(JsonNode before, JsonNode after) {
        List<Difference> found = new ArrayList<>();
        collect("", before, after, found);
        return found;
    }

    /** Writes {@code differences} as an array named {@code changes}. */
    static void write(JsonGenerator json, List<Difference> differences) {
        json.writeArrayPropertyStart("changes");
        for (Difference difference : differences) {
            json.writeStartObject();
            json.writeStringProperty("path", difference.path);
            write(json, "before", difference.before);
            write(json, "after", difference.after);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Returns one line for people. */
    String line() {
        String place = path.isEmpty() ? "(all)" : Shown.line(path);
        if (before == null) {
            return "+ " + place + "  " + shown(after);
        }
        return after == null
                ? "- " + place + "  " + shown(before)
                : "~ " + place + "  " + shown(before) + " -> " + shown(after);
    }

    private static String shown(@Nullable JsonNode value) {
        return value == null ? "" : Shown.line(Trees.line(value), VALUE_CHARS_MAX);
    }

    private static void write(JsonGenerator json, String name, @Nullable JsonNode value) {
        if (value != null) {
            json.writeName(name);
            json.writeRawValue(Trees.line(value));
        }
    }

    private static void collect(
            String path, @Nullable JsonNode before, @Nullable JsonNode after, List<Difference> found) {
        if (before != null && after != null && before.isObject() && after.isObject()) {
            for (Map.Entry<String, JsonNode> old : before.properties()) {
                collect(step(path, old.getKey()), old.getValue(), after.get(old.getKey()), found);
            }
            for (Map.Entry<String, JsonNode> now : after.properties()) {
                if (!before.has(now.getKey())) {
                    collect(step(path, now.getKey()), null, now.getValue(), found);
                }
            }
        } else if (before != null && after != null && before.isArray() && after.isArray()) {
            for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
                collect(path + "/" + i, before.get(i), after.get(i), found);
            }
        } else if (before == null || !before.equals(after)) {
            found.add(new Difference(path, before, after));
        }
    }

    private static String step(String path, String name) {
        return path + "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
