// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.io.StringWriter;
import java.util.function.Consumer;
import leftfold.jackson.JsonMistake;
import leftfold.store.Limits;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** JSON as text, without trees: what most commands need, and quick to start. */
final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNameLength(Limits.DATA_BYTES_MAX)
                    .build())
            .build();

    private Json() {}

    /** Returns the object whose properties {@code body} writes, on one line. */
    static String object(Consumer<JsonGenerator> body) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            body.accept(json);
            json.writeEndObject();
        }
        return text.toString();
    }

    /** Returns what is wrong with {@code text} as one JSON value, and where; null if nothing is. */
    static @Nullable String mistake(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return "it is empty";
            }
            parser.skipChildren();
            parser.finishToken();
            if (parser.nextToken() != null) {
                return "something follows the value, at " + place(parser.currentTokenLocation());
            }
            return null;
        } catch (JacksonException e) {
            return JsonMistake.words(e) + ", at " + place(e.getLocation());
        }
    }

    /** Returns {@code json}, which is one JSON value, on one line: its line breaks all lie between tokens. */
    static String oneLine(String json) {
        return json.strip().replace('\n', ' ').replace('\r', ' ');
    }

    private static String place(@Nullable TokenStreamLocation location) {
        return location == null ? "its end" : "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
