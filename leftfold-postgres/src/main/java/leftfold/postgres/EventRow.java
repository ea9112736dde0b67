// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.jspecify.annotations.Nullable;

/** How an event lies in a row of {@code leftfold_events}. */
final class EventRow {
    /** The columns that {@link #read} wants, in its order, but for the last. */
    static final String COLUMNS_BEFORE_DATA =
            "position, version, recorded_at, event_id, schema_version, type, stream, content_type, metadata, tags";

    /** The columns that {@link #read} wants, in its order. */
    static final String COLUMNS = COLUMNS_BEFORE_DATA + ", data";

    private static final int UUID_BYTES = 16;
    private static final int MICROS_A_SECOND = 1_000_000;
    private static final int NAMED = 4; // causation id, correlation id, actor, producer

    private EventRow() {}

    /** Returns the event in the row at hand. */
    static RecordedEvent read(ResultSet row) throws SQLException {
        return read(row, row.getBytes(11));
    }

    /** Returns the event in the row at hand; nothing if its data was left out. */
    static Optional<RecordedEvent> readIfThere(ResultSet row) throws SQLException {
        byte[] bytes = row.getBytes(11);
        return bytes == null ? Optional.empty() : Optional.of(read(row, bytes));
    }

    private static RecordedEvent read(ResultSet row, byte[] bytes) throws SQLException {
        Event event = new Event(
                uuid(row.getBytes(4)),
                row.getString(6),
                row.getInt(5),
                Columns.data(bytes, row.getString(8)),
                metadata(Columns.texts(row, 9)),
                tags(Columns.texts(row, 10)));
        return new RecordedEvent(
                row.getLong(1), StreamId.of(row.getString(7)), row.getLong(2), instant(row.getLong(3)), event);
    }

    /** Returns the UUID in a column that the driver got in binary or, in a statement's first executions, as text. */
    private static UUID uuid(byte[] column) {
        if (column.length == UUID_BYTES) {
            ByteBuffer halves = ByteBuffer.wrap(column);
            return new UUID(halves.getLong(), halves.getLong());
        }
        return UUID.fromString(new String(column, StandardCharsets.US_ASCII));
    }

    /** Returns the column for metadata, as a text. */
    static @Nullable String metadata(Metadata metadata) {
        if (metadata.equals(Metadata.none())) {
            return null;
        }
        List<@Nullable String> texts = new ArrayList<>();
        texts.add(metadata.causationId());
        texts.add(metadata.correlationId());
        texts.add(metadata.actor());
        texts.add(metadata.producer());
        Columns.addPairs(metadata.headers(), texts);
        return TextArray.of(texts);
    }

    /** Returns the column for tags, as a text. */
    static @Nullable String tags(Event event) {
        return event.tags().isEmpty()
                ? null
                : TextArray.of(event.tags().stream().map(Tag::toString).toList());
    }

    /** Returns microseconds since 1970; beyond what a long can hold, the least or the most. */
    static long micros(Instant instant) {
        try {
            return Math.addExact(
                    Math.multiplyExact(instant.getEpochSecond(), MICROS_A_SECOND), instant.getNano() / 1_000);
        } catch (ArithmeticException beyond) {
            return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** Returns the time that lies so many microseconds after 1970. */
    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static Metadata metadata(@Nullable String[] texts) {
        if (texts.length < NAMED) {
            return Metadata.none();
        }
        return new Metadata(texts[0], texts[1], texts[2], texts[3], Columns.pairs(texts, NAMED));
    }

    private static Set<Tag> tags(@Nullable String[] texts) {
        if (texts.length == 0) {
            return Set.of();
        }
        Set<Tag> tags = LinkedHashSet.newLinkedHashSet(texts.length);
        for (String text : texts) {
            tags.add(Tag.parse(Objects.requireNonNull(text)));
        }
        return tags;
    }
}
