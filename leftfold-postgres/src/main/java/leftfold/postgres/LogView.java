// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import leftfold.store.AppendRules;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.jspecify.annotations.Nullable;

/** Single facts of the log, as it stands when they are asked for. Safe for use by many threads. */
final class LogView implements AppendRules.View {
    private static final String STREAM = "(SELECT id FROM leftfold_streams WHERE name = ?)";

    private final Rows rows;

    LogView(Rows rows) {
        this.rows = rows;
    }

    long head() {
        return rows.number("SELECT position FROM leftfold_events ORDER BY position DESC LIMIT 1");
    }

    @Override
    public long streamVersion(StreamId stream) {
        return rows.number(
                "SELECT version FROM leftfold_events WHERE stream_id = " + STREAM
                        + " ORDER BY stream_id DESC, version DESC LIMIT 1",
                stream.value());
    }

    @Override
    public long versionOf(StreamId stream, UUID id) {
        return rows.number(
                "SELECT version FROM leftfold_events WHERE stream_id = " + STREAM + " AND event_id = ?",
                stream.value(),
                id);
    }

    @Override
    public long positionOf(StreamId stream, long version) {
        return rows.number(
                "SELECT position FROM leftfold_events WHERE stream_id = " + STREAM + " AND version = ?",
                stream.value(),
                version);
    }

    @Override
    public long firstMatch(Query query, long position) {
        long first = 0;
        for (Query.Item item : query.items()) {
            List<@Nullable Object> parameters = new ArrayList<>();
            parameters.add(position);
            parameters.add(item.stream() == null ? null : item.stream().value());
            parameters.add(item.category());
            parameters.add(item.types().toArray(new String[0]));
            parameters.add(item.tags().stream().map(Tag::toString).toArray(String[]::new));
            long found = rows.find(
                            row -> row.getLong(1),
                            "SELECT leftfold_first_match(?::bigint, ?::text, ?::text, ?::text[], ?::text[])",
                            parameters)
                    .getFirst();
            first = first == 0 || (found > 0 && found < first) ? found : first;
        }
        return first;
    }

    /** Returns the event with this id in {@code stream}, if it is there. */
    Optional<RecordedEvent> find(StreamId stream, UUID id) {
        return rows
                .find(
                        EventRow::read,
                        "SELECT " + EventRow.COLUMNS + " FROM leftfold_events WHERE stream_id = " + STREAM
                                + " AND event_id = ?",
                        List.of(stream.value(), id))
                .stream()
                .findFirst();
    }

    /** Returns the position of the last event recorded at or before {@code micros}; 0 if there is none. */
    long positionAt(long micros) {
        long low = 0; // recorded by then, or 0
        long high = head() + 1; // recorded later, or not there
        while (high - low > 1) {
            long middle = (low + high) >>> 1;
            // The next one that is there: the first ones may have been archived.
            List<long[]> found = rows.find(
                    row -> new long[] {row.getLong(1), row.getLong(2)},
                    "SELECT position, recorded_at FROM leftfold_events WHERE position >= ? ORDER BY position LIMIT 1",
                    List.of(middle));
            if (found.isEmpty() || found.getFirst()[1] > micros) {
                high = middle;
            } else {
                low = found.getFirst()[0];
            }
        }
        return low;
    }
}
