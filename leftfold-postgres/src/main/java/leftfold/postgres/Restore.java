// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import leftfold.store.AppendRules;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.RestoreRules;
import leftfold.store.StreamId;
import org.jspecify.annotations.Nullable;

/** Events of another log, brought in as they were recorded, in one transaction. Confined to one thread. */
final class Restore {
    private final Connection connection;
    private final List<RecordedEvent> events;

    /** What the log knows of the streams that are restored, read in two statements. */
    private static final class Known implements AppendRules.View {
        private final Map<StreamId, Long> versions = new HashMap<>();
        private final Map<StreamId, Long> ids = new HashMap<>();
        private final Map<StreamId, Map<UUID, Long>> repeated = new HashMap<>();

        @Override
        public long streamVersion(StreamId stream) {
            return versions.getOrDefault(stream, 0L);
        }

        @Override
        public long versionOf(StreamId stream, UUID id) {
            return repeated.getOrDefault(stream, Map.of()).getOrDefault(id, 0L);
        }

        @Override
        public long positionOf(StreamId stream, long version) {
            throw new UnsupportedOperationException("restoring asks for versions only");
        }

        @Override
        public long firstMatch(Query query, long position) {
            throw new UnsupportedOperationException("restoring asks for versions only");
        }
    }

    Restore(Connection connection, List<RecordedEvent> events) {
        this.connection = connection;
        this.events = events;
    }

    /**
     * Writes the events, or refuses as {@link RestoreRules#check} does; the caller commits or rolls back. The log's
     * lock is waited for no longer than {@code timeoutSeconds}.
     */
    void run(int timeoutSeconds) throws SQLException {
        long head = 0;
        Instant recordedAt = Instant.MIN;
        Statements.lockLog(connection, timeoutSeconds);
        try (Statement statement = connection.createStatement();
                ResultSet last = statement.executeQuery(
                        "SELECT position, recorded_at FROM leftfold_events ORDER BY position DESC LIMIT 1")) {
            if (last.next()) {
                head = last.getLong(1);
                recordedAt = EventRow.instant(last.getLong(2));
            }
        }
        Known known = known();
        RestoreRules.check(events, head, recordedAt, known);
        Map<StreamId, Long> created = new LinkedHashMap<>();
        for (RecordedEvent event : events) {
            if (known.ids.putIfAbsent(event.stream(), event.position()) == null) {
                created.put(event.stream(), event.position());
            }
        }
        insertStreams(created);
        insertEvents(known.ids);
        insertTags();
        post(head);
    }

    private Known known() throws SQLException {
        Known known = new Known();
        Array names = column("text", event -> event.stream().value());
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT s.name, s.id, (SELECT e.version FROM leftfold_events e WHERE e.stream_id = s.id"
                        + " ORDER BY e.stream_id DESC, e.version DESC LIMIT 1)"
                        + " FROM leftfold_streams s WHERE s.name = ANY (?)")) {
            select.setArray(1, names);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    StreamId stream = StreamId.of(row.getString(1));
                    known.ids.put(stream, row.getLong(2));
                    known.versions.put(stream, row.getLong(3));
                }
            }
        }
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT s.name, one.id, found.version FROM unnest(?::text[], ?::uuid[]) AS one (name, id)"
                        + " JOIN leftfold_streams s ON s.name = one.name"
                        // One look-up each: a plan made for a small table may read the whole of a stream.
                        + " CROSS JOIN LATERAL (SELECT version FROM leftfold_events e"
                        + " WHERE e.stream_id = s.id AND e.event_id = one.id LIMIT 1) AS found")) {
            select.setArray(1, names);
            select.setArray(2, column("uuid", RecordedEvent::id));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    known.repeated
                            .computeIfAbsent(StreamId.of(row.getString(1)), stream -> new HashMap<>())
                            .put(row.getObject(2, UUID.class), row.getLong(3));
                }
            }
        }
        return known;
    }

    private void insertStreams(Map<StreamId, Long> created) throws SQLException {
        execute(
                "INSERT INTO leftfold_streams (id, name) SELECT * FROM unnest(?::bigint[], ?::text[])",
                connection.createArrayOf("bigint", created.values().toArray()),
                connection.createArrayOf(
                        "text", created.keySet().stream().map(StreamId::value).toArray()));
    }

    private void insertEvents(Map<StreamId, Long> ids) throws SQLException {
        execute(
                "INSERT INTO leftfold_events (position, stream_id, version, recorded_at, event_id, schema_version,"
                        + " type, stream, content_type, metadata, tags, data)"
                        + " SELECT position, stream_id, version, recorded_at, id, schema_version, type, stream,"
                        + " content_type, metadata::text[], tags::text[], data"
                        + " FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::uuid[], ?::int[],"
                        + " ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[]) AS one (position,"
                        + " stream_id, version, recorded_at, id, schema_version, type, stream, content_type, metadata,"
                        + " tags, data)",
                column("bigint", RecordedEvent::position),
                column("bigint", event -> ids.get(event.stream())),
                column("bigint", RecordedEvent::version),
                column("bigint", event -> EventRow.micros(event.recordedAt())),
                column("uuid", RecordedEvent::id),
                column("int", RecordedEvent::schemaVersion),
                column("text", RecordedEvent::type),
                column("text", event -> event.stream().value()),
                column("text", event -> Columns.contentType(event.data())),
                column("text", event -> EventRow.metadata(event.metadata())),
                column("text", event -> EventRow.tags(event.event())),
                connection.createArrayOf(
                        "bytea",
                        events.stream().map(event -> event.data().bytes()).toArray(byte[][]::new)));
    }

    private void insertTags() throws SQLException {
        execute(
                "INSERT INTO leftfold_tags (tag, position) SELECT tag, position"
                        + " FROM unnest(?::text[], ?::bigint[]) AS one (tags, position),"
                        + " unnest(one.tags::text[]) AS tag",
                column("text", event -> EventRow.tags(event.event())),
                column("bigint", RecordedEvent::position));
    }

    private void post(long headBefore) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT leftfold_post(?, ?)")) {
            select.setLong(1, headBefore);
            select.setLong(2, events.getLast().position());
            select.execute();
        }
    }

    private Array column(String type, Function<RecordedEvent, @Nullable Object> value) throws SQLException {
        return connection.createArrayOf(type, events.stream().map(value).toArray());
    }

    private void execute(String sql, Array... arrays) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arrays.length; i++) {
                statement.setArray(i + 1, arrays[i]);
            }
            statement.executeUpdate();
        }
    }
}
