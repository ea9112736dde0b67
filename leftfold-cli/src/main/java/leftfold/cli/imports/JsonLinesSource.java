// SPDX-License-Identifier: Apache-2.0
package leftfold.cli.imports;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Set;
import leftfold.cli.imports.ImportRequest.Columns;
import leftfold.jackson.JsonMistake;
import leftfold.store.Data;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The events of a file with one JSON object a line; empty lines are skipped. Each object becomes an event's data, with
 * its time under {@link Attributes#TIME} too.
 *
 * <p>If the first line is an event as {@code leftfold read --json} prints it, and no columns were named, all lines are:
 * they keep their stream, id, type, schema version, metadata, tags and data, and get a new position and time.
 */
final class JsonLinesSource implements EventSource {
    private static final Set<String> STORED_KEYS = Set.of("stream", "id", "type", "data");
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNameLength(ImportFile.EVENT_BYTES_MAX)
                            .build())
                    .build())
            .enable(JsonNodeFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final ImportFile file;
    private final Columns columns;
    private final BufferedReader lines;
    private long line;
    private boolean begun;
    private ColumnGuess.@Nullable Found keys; // null for events that came out of a store

    /** Begins to read {@code file}. */
    JsonLinesSource(ImportFile file, ImportRequest request) throws IOException {
        this.file = file;
        this.columns = request.columns();
        this.lines = StrictText.of(file, request.charset());
    }

    @Override
    public @Nullable FileEvent next() throws IOException {
        String text = line();
        if (text == null) {
            return null;
        }
        ObjectNode object = parse(text);
        if (!begun) {
            begun = true;
            boolean stored = columns.guessed() && object.propertyNames().containsAll(STORED_KEYS);
            keys = stored ? null : ColumnGuess.find(file.name(), columns, object.propertyNames());
        }
        return keys == null ? stored(object) : activity(object, keys);
    }

    @Override
    public Place place() {
        return new Place(file.name(), Math.max(1, line), 1);
    }

    private @Nullable String line() throws IOException {
        try {
            String text = lines.readLine();
            while (text != null) {
                line++;
                file.eventEnded();
                if (!text.isBlank()) {
                    return text;
                }
                text = lines.readLine();
            }
            return null;
        } catch (IOException e) {
            ImportException notText = StrictText.notText(place(), e);
            if (notText != null) {
                throw notText;
            }
            file.checkReadable();
            throw e;
        }
    }

    private ObjectNode parse(String text) {
        try {
            if (MAPPER.readTree(text) instanceof ObjectNode object) {
                return object;
            }
            throw new ImportException(place(), "the line is no JSON object; write one {…} a line");
        } catch (JacksonException e) {
            int column = e.getLocation() == null ? 1 : e.getLocation().getColumnNr();
            throw new ImportException(new Place(file.name(), line, column), "not JSON: " + why(e));
        }
    }

    private static String why(JacksonException e) {
        if (e instanceof MismatchedInputException) {
            return "something follows the object; write one {…} a line";
        }
        String words = JsonMistake.words(e);
        return e instanceof UnexpectedEndOfInputException ? words + "; write one {…} a line" : words;
    }

    private FileEvent stored(ObjectNode object) {
        try {
            return StoredEvent.of(object, MAPPER);
        } catch (JacksonException e) {
            throw new ImportException(
                    place(), "not an event as leftfold read --json prints it: " + JsonMistake.words(e));
        }
    }

    private FileEvent activity(ObjectNode object, ColumnGuess.Found found) {
        String caseId = text(object, found.caseId());
        String type = text(object, found.activity());
        if (found.time() != null && object.has(found.time()) && !object.has(Attributes.TIME)) {
            object.set(Attributes.TIME, object.get(found.time()));
        }
        return new FileEvent.Activity(caseId, type, Data.of(MAPPER.writeValueAsBytes(object), Data.JSON));
    }

    private String text(ObjectNode object, String key) {
        JsonNode value = object.path(key);
        String text = value.isString() || value.isNumber() ? value.asString() : "";
        if (text.isEmpty()) {
            throw new ImportException(
                    place(), "'" + key + "' is no text or number; every event has a case and an activity");
        }
        return text;
    }
}
