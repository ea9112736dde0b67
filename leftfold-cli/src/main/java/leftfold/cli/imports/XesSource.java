// SPDX-License-Identifier: Apache-2.0
package leftfold.cli.imports;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import leftfold.cli.imports.ImportRequest.Columns;
import org.jspecify.annotations.Nullable;

/**
 * The events of an XES file (IEEE 1849), trace by trace.
 *
 * <p>Attributes keep their types: {@code int} and {@code float} become numbers where they are written as JSON would,
 * {@code boolean} a truth value, {@code container} an object, {@code list} an array of objects with one key, all else
 * text as it stands. An attribute with attributes of its own becomes {@code {"value", "attributes"}}. A trace's own
 * attributes go into its first event, under {@code case:} and their key. A trace without a name is called
 * {@code trace-} and its ordinal in the file.
 *
 * <p>A document type is refused: it is how XML attacks its readers, and XES has none.
 */
final class XesSource implements EventSource {
    private static final String NAME = "concept:name";
    private static final String CASE_PREFIX = "case:";
    private static final String UNNAMED = "trace-";
    private static final int DEPTH_MAX = 64;
    private static final int NUMBER_CHARS_MAX = 100;
    private static final Pattern ENCODING =
            Pattern.compile("^(?:\u00ef\u00bb\u00bf)?<\\?xml[^>]*?\\sencoding\\s*=\\s*[\"']([^\"'>]*)[\"']");
    private static final String NO_LIMIT = "0";
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private final ImportFile file;
    private final Columns columns;
    private final String caseKey;
    private final String activityKey;
    private final XMLStreamReader xml;
    private boolean begun;
    private boolean inTrace;
    private long traces;
    private @Nullable String caseId;
    private @Nullable Attributes caseAttributes; // until the trace's first event has taken them
    private Place place;

    /** Begins to read {@code file}. */
    XesSource(ImportFile file, Columns columns) throws IOException {
        this.file = file;
        this.columns = columns;
        this.caseKey = Objects.requireNonNullElse(columns.caseId(), NAME);
        this.activityKey = Objects.requireNonNullElse(columns.activity(), NAME);
        this.place = new Place(file.name(), 1, 1);
        try {
            this.xml = factory().createXMLStreamReader(StrictText.of(file, charset()));
        } catch (XMLStreamException e) {
            throw malformed(e);
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        // Java counts every &amp; of a document towards these, so that a large log would be refused. Without a document
        // type there is nothing else that they could bound.
        factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", NO_LIMIT);
        factory.setProperty("jdk.xml.totalEntitySizeLimit", NO_LIMIT);
        return factory;
    }

    /** Returns what the file says of itself; decoding is not left to the parser, which prints what it cannot decode. */
    private Charset charset() throws IOException {
        String beginning = file.beginning();
        if (beginning.startsWith("<\0")) {
            return StandardCharsets.UTF_16LE;
        }
        if (beginning.startsWith("\0<")) {
            return StandardCharsets.UTF_16BE;
        }
        Matcher declared = ENCODING.matcher(beginning);
        if (!declared.find()) {
            return StandardCharsets.UTF_8;
        }
        try {
            Charset charset = Charset.forName(declared.group(1));
            // It could be read as one byte a character, so these are the words of whoever once had it as text.
            return charset.name().startsWith("UTF-16") ? StandardCharsets.UTF_8 : charset;
        } catch (IllegalArgumentException e) {
            throw new ImportException(
                    place, "unknown encoding '" + declared.group(1) + "'; correct it in the file's first line");
        }
    }

    @Override
    public @Nullable FileEvent next() {
        try {
            while (xml.hasNext()) {
                FileEvent event = step(xml.next());
                if (event != null) {
                    file.eventEnded();
                    return event;
                }
            }
            return null;
        } catch (XMLStreamException e) {
            throw malformed(e);
        }
    }

    @Override
    public Place place() {
        return place;
    }

    private @Nullable FileEvent step(int what) throws XMLStreamException {
        if (what == XMLStreamConstants.DTD) {
            throw new ImportException(here(), "a document type is not allowed in XES; remove the <!DOCTYPE …>");
        }
        if (what == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("trace")) {
            inTrace = false;
        }
        return what == XMLStreamConstants.START_ELEMENT ? element(xml.getLocalName()) : null;
    }

    private @Nullable FileEvent element(String name) throws XMLStreamException {
        if (!begun) {
            if (!name.equals("log")) {
                throw new ImportException(here(), "the file is not XES: it begins with <" + name + ">, not with <log>");
            }
            begun = true;
        } else if (name.equals("trace")) {
            beginTrace();
        } else if (name.equals("event")) {
            return event();
        } else if (inTrace) {
            caseAttribute();
        } else {
            skip();
            file.eventEnded();
        }
        return null;
    }

    private void beginTrace() {
        if (inTrace) {
            throw new ImportException(here(), "a trace stands in a trace; end the first one");
        }
        inTrace = true;
        traces++;
        caseId = null;
        caseAttributes = new Attributes();
    }

    private void caseAttribute() throws XMLStreamException {
        if (caseAttributes == null) {
            throw new ImportException(here(), "a trace's attribute follows an event; move it before the first one");
        }
        String key = key();
        if (key.equals(caseKey)) {
            caseId = xml.getAttributeValue(null, "value");
        }
        caseAttributes.put(CASE_PREFIX + key, value(1));
    }

    private FileEvent event() throws XMLStreamException {
        place = here();
        if (!inTrace) {
            throw new ImportException(place, "the event stands outside of a trace, so it has no case; put it into one");
        }
        if (caseId == null || caseId.isEmpty()) {
            caseId = UNNAMED + traces;
        }
        Attributes attributes = new Attributes();
        String type = null;
        while (xml.next() != XMLStreamConstants.END_ELEMENT) {
            if (xml.getEventType() == XMLStreamConstants.START_ELEMENT) {
                String key = key();
                type = key.equals(activityKey) ? xml.getAttributeValue(null, "value") : type;
                attributes.put(key, value(1));
            }
        }
        if (type == null || type.isEmpty()) {
            throw new ImportException(
                    place, "the event has no " + activityKey + "; name another attribute with --activity-column");
        }
        Object time = columns.time() == null ? null : attributes.values().get(columns.time());
        if (time != null) {
            attributes.time(time);
        }
        if (caseAttributes != null) {
            caseAttributes.values().forEach(attributes::put);
            caseAttributes = null;
        }
        return new FileEvent.Activity(caseId, type, attributes.toData());
    }

    /** Returns the key of the attribute that begins here. */
    private String key() {
        String key = xml.getAttributeValue(null, "key");
        if (key == null) {
            throw new ImportException(
                    here(), "<" + xml.getLocalName() + "> has no key; XES allows only attributes here");
        }
        return key;
    }

    /** Returns the value of the attribute that begins here, and goes to its end. */
    private Object value(int depth) throws XMLStreamException {
        checkDepth(depth);
        String kind = xml.getLocalName();
        if (kind.equals("list")) {
            List<Object> list = new ArrayList<>();
            elements(list, depth);
            return list;
        }
        Object value = scalar(kind, Objects.requireNonNullElse(xml.getAttributeValue(null, "value"), ""));
        Attributes nested = new Attributes();
        while (xml.next() != XMLStreamConstants.END_ELEMENT) {
            if (xml.getEventType() == XMLStreamConstants.START_ELEMENT) {
                nested.put(key(), value(depth + 1));
            }
        }
        if (kind.equals("container")) {
            return nested.values();
        }
        if (nested.values().isEmpty()) {
            return value;
        }
        Map<String, Object> both = new LinkedHashMap<>();
        both.put("value", value);
        both.put("attributes", nested.values());
        return both;
    }

    /** Adds the attributes up to the end of the list that begins here; they may stand in {@code <values>}. */
    private void elements(List<Object> list, int depth) throws XMLStreamException {
        checkDepth(depth);
        while (xml.next() != XMLStreamConstants.END_ELEMENT) {
            if (xml.getEventType() == XMLStreamConstants.START_ELEMENT) {
                if (xml.getLocalName().equals("values")) {
                    elements(list, depth + 1);
                } else {
                    list.add(Map.of(key(), value(depth + 1)));
                }
            }
        }
    }

    private void checkDepth(int depth) {
        if (depth > DEPTH_MAX) {
            throw new ImportException(here(), "attributes are nested deeper than " + DEPTH_MAX + "; flatten them");
        }
    }

    private void skip() throws XMLStreamException {
        for (int depth = 1; depth > 0; ) {
            int what = xml.next();
            if (what == XMLStreamConstants.START_ELEMENT) {
                depth++;
            } else if (what == XMLStreamConstants.END_ELEMENT) {
                depth--;
            }
        }
    }

    private static Object scalar(String kind, String text) {
        return switch (kind) {
            case "int", "float" ->
                text.length() <= NUMBER_CHARS_MAX && NUMBER.matcher(text).matches() ? new BigDecimal(text) : text;
            case "boolean" ->
                switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> text;
                };
            default -> text;
        };
    }

    private Place here() {
        return new Place(
                file.name(),
                xml.getLocation().getLineNumber(),
                xml.getLocation().getColumnNumber());
    }

    private ImportException malformed(XMLStreamException e) {
        if (StrictText.isNotText(e)) {
            return new ImportException(
                    place,
                    "soon after this place the bytes are no text; correct the encoding in the file's first line");
        }
        file.checkReadable();
        Place where = e.getLocation() == null
                ? place
                : new Place(
                        file.name(),
                        e.getLocation().getLineNumber(),
                        e.getLocation().getColumnNumber());
        String message = String.valueOf(e.getMessage());
        int detail = message.indexOf("Message: ");
        return new ImportException(
                where,
                "not well-formed XML: " + (detail < 0 ? message : message.substring(detail + "Message: ".length())));
    }
}
