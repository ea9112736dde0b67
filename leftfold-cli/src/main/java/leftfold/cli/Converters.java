// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.nio.charset.Charset;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.UUID;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import picocli.CommandLine.TypeConversionException;

/** Words of the command line as values; what does not fit is refused with the reason. */
final class Converters {
    private Converters() {}

    /** Returns the stream named {@code text}. */
    static StreamId stream(String text) {
        try {
            return StreamId.of(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }

    /** Returns the tag written as {@code key:value}. */
    static Tag tag(String text) {
        try {
            return Tag.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }

    /** Returns the id, which must be written in full: Java itself would accept less. */
    static UUID id(String text) {
        try {
            UUID id = UUID.fromString(text);
            if (id.toString().equals(text.toLowerCase(Locale.ROOT))) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            throw notAnId(text);
        }
        throw notAnId(text);
    }

    /** Returns the charset of that name. */
    static Charset charset(String text) {
        try {
            return Charset.forName(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text + "' is not a charset such as UTF-8, ISO-8859-1 or Cp1252");
        }
    }

    /** Returns the time; where no zone is given it is UTC, as everything that is printed. */
    static Instant time(String text) {
        String written = text.strip().replace(' ', 'T');
        try {
            if (written.indexOf('T') < 0) {
                return LocalDate.parse(written).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            TemporalAccessor time =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(written, OffsetDateTime::from, LocalDateTime::from);
            return time instanceof OffsetDateTime zoned
                    ? zoned.toInstant()
                    : LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("'" + text + "' is not a time such as 2026-07-22T15:00:00Z");
        }
    }

    private static TypeConversionException notAnId(String text) {
        return new TypeConversionException("'" + text + "' is not a UUID such as 0190a6f0-7c1e-7000-8000-000000000001");
    }
}
