// SPDX-License-Identifier: Apache-2.0
package leftfold.cli.imports;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The events of a CSV file: a header, then one event a row. Rows of one case may stand anywhere in the file. Every
 * column of a row becomes text in the event's data; the time's column stands there under {@link Attributes#TIME} too.
 */
final class CsvSource implements EventSource {
    private static final Pattern ROW_BEGAN = Pattern.compile(" \\(record starting at line ([0-9]{1,18})\\)$");
    private static final char[] SEPARATORS = {',', ';', '\t', '|'};

    private final ImportFile file;
    private final Iterator<CsvRecord> rows;
    private final List<String> header;
    private final int caseColumn;
    private final int activityColumn;
    private final int timeColumn;
    private Place place;

    /**
     * Reads the header of {@code file}.
     *
     * @throws ImportException if there is none, or its columns cannot be told apart
     */
    CsvSource(ImportFile file, ImportRequest request) throws IOException {
        this.file = file;
        this.place = new Place(file.name(), 1, 1);
        Character asked = request.separator();
        char separator = asked == null ? separator(file.beginning()) : asked;
        this.rows = rows(file, request, separator);
        CsvRecord first = row();
        if (first == null) {
            throw new ImportException(file.name() + " is empty; a CSV file begins with a line of column names");
        }
        this.header = List.copyOf(first.getFields());
        if (header.size() < 2) {
            throw new ImportException(place, "there is only one column; name what separates them with --separator");
        }
        ColumnGuess.Found found = ColumnGuess.find(file.name(), request.columns(), header);
        this.caseColumn = header.indexOf(found.caseId());
        this.activityColumn = header.indexOf(found.activity());
        this.timeColumn = found.time() == null ? -1 : header.indexOf(found.time());
    }

    @Override
    public @Nullable FileEvent next() {
        CsvRecord row = row();
        if (row == null) {
            return null;
        }
        if (row.getFieldCount() != header.size()) {
            throw new ImportException(
                    place,
                    "the row has " + row.getFieldCount() + " fields, the header " + header.size()
                            + "; mend the row, or name another --separator");
        }
        Attributes attributes = new Attributes();
        for (int i = 0; i < header.size(); i++) {
            attributes.put(header.get(i), row.getField(i));
        }
        if (timeColumn >= 0) {
            attributes.time(row.getField(timeColumn));
        }
        return new FileEvent.Activity(filled(row, caseColumn), filled(row, activityColumn), attributes.toData());
    }

    @Override
    public Place place() {
        return place;
    }

    private String filled(CsvRecord row, int column) {
        String value = row.getField(column);
        if (value.isEmpty()) {
            throw new ImportException(
                    place, "column '" + header.get(column) + "' is empty; every event has a case and an activity");
        }
        return value;
    }

    private @Nullable CsvRecord row() {
        try {
            if (!rows.hasNext()) {
                return null;
            }
            CsvRecord row = rows.next();
            place = new Place(file.name(), row.getStartingLineNumber(), 1);
            file.eventEnded();
            return row;
        } catch (CsvParseException | UncheckedIOException e) {
            ImportException notText = StrictText.notText(place, e);
            if (notText != null) {
                throw notText;
            }
            file.checkReadable();
            throw malformed(String.valueOf(e.getMessage()));
        }
    }

    /** The parser says where the row began, but only at the end of its message. */
    private ImportException malformed(String message) {
        Matcher began = ROW_BEGAN.matcher(message);
        if (!began.find()) {
            return new ImportException(place, "soon after this row: " + message);
        }
        Place row = new Place(file.name(), Long.parseLong(began.group(1)), 1);
        return new ImportException(row, "in the row that begins here: " + message.substring(0, began.start()));
    }

    private static Iterator<CsvRecord> rows(ImportFile file, ImportRequest request, char separator) throws IOException {
        return CsvReader.builder()
                .fieldSeparator(separator)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .ofCsvRecord(StrictText.of(file, request.charset()))
                .iterator();
    }

    /** Returns the separator that stands most often in the first line, outside of quotes. */
    private static char separator(String beginning) {
        int[] counts = new int[SEPARATORS.length];
        boolean quoted = false;
        for (int i = 0; i < beginning.length() && (quoted || beginning.charAt(i) != '\n'); i++) {
            char c = beginning.charAt(i);
            quoted ^= c == '"';
            for (int s = 0; s < SEPARATORS.length && !quoted; s++) {
                counts[s] += c == SEPARATORS[s] ? 1 : 0;
            }
        }
        int most = 0;
        for (int s = 1; s < SEPARATORS.length; s++) {
            most = counts[s] > counts[most] ? s : most;
        }
        return SEPARATORS[most];
    }
}
