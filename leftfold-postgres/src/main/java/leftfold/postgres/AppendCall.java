// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.AppendResult;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.StreamWrite;
import leftfold.store.Tag;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code leftfold_append}, for appends of which none needs to see another one: see {@link Group}. Confined
 * to one thread.
 */
final class AppendCall {
    private static final String SQL = "SELECT * FROM leftfold_append(?::bigint, ?::text[], ?::bigint[], ?::int[],"
            + " ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[],"
            + " ?::int[], ?::int[], ?::text[], ?::uuid[], ?::int[], ?::text[], ?::text[], ?::text[], ?::text[],"
            + " ?::bytea[])";

    private final List<Append> appends;
    private final Map<StreamId, Integer> streams = new HashMap<>();
    private final List<Written> written = new ArrayList<>();
    private final List<Looked> looked = new ArrayList<>();
    private final List<Queried> queried = new ArrayList<>();
    private final List<Placed> placed = new ArrayList<>();

    /** A stream that is written. */
    private static final class Written {
        private final StreamId id;
        private final int first;
        private final int append;
        private long expected = -1;
        private int count;

        Written(StreamId id, int first, int append) {
            this.id = id;
            this.first = first;
            this.append = append;
        }
    }

    /** A stream that an append only looks at. */
    private record Looked(StreamId stream, long expected, int append) {}

    /** A part of a query that nothing may match. */
    private record Queried(Query.Item item, long since, int append) {}

    /** An event in its stream. */
    private record Placed(Event event, int stream, int number, int append) {}

    /**
     * What the database answered.
     *
     * @param head the log's head before
     * @param versions the version before of each stream that is written
     * @param at when the events were recorded, in microseconds since 1970
     * @param refused which of the appends do not fit; nothing was written if there are any
     */
    record Answer(long head, List<Long> versions, long at, Set<Integer> refused) {}

    AppendCall(List<Append> appends) {
        this.appends = appends;
        for (int i = 0; i < appends.size(); i++) {
            add(appends.get(i), i);
        }
    }

    private void add(Append append, int number) {
        for (StreamWrite write : append.writes()) {
            int stream = streams.computeIfAbsent(write.stream(), id -> {
                written.add(new Written(id, placed.size() + 1, number));
                return written.size() - 1;
            });
            for (Event event : write.events()) {
                placed.add(new Placed(event, stream, ++written.get(stream).count, number));
            }
        }
        for (AppendCondition condition : append.conditions()) {
            switch (condition) {
                case AppendCondition.StreamAt(StreamId stream, long version) -> expect(stream, version, number);
                case AppendCondition.StreamExists(StreamId stream) -> looked.add(new Looked(stream, -1, number));
                case AppendCondition.NothingSince(Query query, long position) ->
                    query.items().forEach(item -> queried.add(new Queried(item, position, number)));
            }
        }
    }

    private void expect(StreamId stream, long version, int append) {
        Integer index = streams.get(stream);
        if (index != null && written.get(index).append == append && written.get(index).expected < 0) {
            written.get(index).expected = version;
        } else {
            looked.add(new Looked(stream, version, append));
        }
    }

    /** Appends all or, where anything does not fit, nothing; by {@code clock}, or the database's where it is null. */
    Answer run(Connection connection, @Nullable InstantSource clock, int timeoutSeconds) throws SQLException {
        try (PreparedStatement call = connection.prepareStatement(SQL)) {
            call.setQueryTimeout(timeoutSeconds);
            set(new Parameters(call), clock);
            try (ResultSet row = call.executeQuery()) {
                row.next();
                Statements.checkReplicated(call.getWarnings());
                Set<Integer> refused = new HashSet<>();
                numbers(row.getArray(4)).forEach(i -> refused.add(written.get(i - 1).append));
                numbers(row.getArray(5))
                        .forEach(i -> refused.add(looked.get(i - 1).append()));
                numbers(row.getArray(6))
                        .forEach(i -> refused.add(queried.get(i - 1).append()));
                numbers(row.getArray(7))
                        .forEach(i -> refused.add(placed.get(i - 1).append()));
                return new Answer(row.getLong(1), longs(row.getArray(2)), row.getLong(3), refused);
            }
        }
    }

    private void set(Parameters to, @Nullable InstantSource clock) throws SQLException {
        to.number(clock == null ? null : EventRow.micros(clock.instant()));
        to.array("text", written.stream().map(one -> one.id.value()).toArray(String[]::new));
        to.array("bigint", written.stream().map(one -> one.expected).toArray(Long[]::new));
        to.array("int", written.stream().map(one -> one.first).toArray(Integer[]::new));
        to.arrayOrNull("text", looked.stream().map(one -> one.stream().value()).toArray(String[]::new));
        to.arrayOrNull("bigint", looked.stream().map(Looked::expected).toArray(Long[]::new));
        to.arrayOrNull("bigint", queried.stream().map(Queried::since).toArray(Long[]::new));
        to.arrayOrNull(
                "text", queried.stream().map(one -> name(one.item().stream())).toArray(String[]::new));
        to.arrayOrNull(
                "text", queried.stream().map(one -> one.item().category()).toArray(String[]::new));
        to.arrayOrNull(
                "text",
                queried.stream().map(one -> TextArray.of(one.item().types())).toArray(String[]::new));
        to.arrayOrNull("text", queried.stream().map(one -> tags(one.item())).toArray(String[]::new));
        to.array("int", placed.stream().map(one -> one.stream() + 1).toArray(Integer[]::new));
        to.array("int", placed.stream().map(Placed::number).toArray(Integer[]::new));
        to.array(
                "text",
                placed.stream().map(one -> written.get(one.stream()).id.value()).toArray(String[]::new));
        to.array("uuid", placed.stream().map(one -> one.event().id()).toArray(UUID[]::new));
        to.array("int", placed.stream().map(one -> one.event().schemaVersion()).toArray(Integer[]::new));
        to.array("text", placed.stream().map(one -> one.event().type()).toArray(String[]::new));
        to.arrayOrNull("text", column(event -> Columns.contentType(event.data())));
        to.arrayOrNull("text", column(event -> EventRow.metadata(event.metadata())));
        to.arrayOrNull("text", column(EventRow::tags));
        to.array("bytea", placed.stream().map(one -> one.event().data().bytes()).toArray(byte[][]::new));
    }

    /** Returns a column of the events; nothing where all of it is null, which saves the database the looking. */
    private @Nullable String[] column(Function<Event, @Nullable String> field) {
        @Nullable String[] column = new @Nullable String[placed.size()];
        boolean any = false;
        for (int i = 0; i < column.length; i++) {
            column[i] = field.apply(placed.get(i).event());
            any |= column[i] != null;
        }
        return any ? column : new @Nullable String[0];
    }

    private static @Nullable String name(@Nullable StreamId stream) {
        return stream == null ? null : stream.value();
    }

    private static String tags(Query.Item item) {
        return TextArray.of(item.tags().stream().map(Tag::toString).toList());
    }

    /** Returns what each append did, in order, after an answer without refusals. */
    List<AppendResult> results(Answer answer) {
        List<AppendResult> results = new ArrayList<>();
        int next = 0;
        for (Append append : appends) {
            List<StreamVersion> versions = new ArrayList<>();
            for (StreamWrite write : append.writes()) {
                next += write.events().size();
                Placed last = placed.get(next - 1);
                versions.add(new StreamVersion(write.stream(), answer.versions().get(last.stream()) + last.number()));
            }
            results.add(new AppendResult(answer.head() + next, versions, false));
        }
        return results;
    }

    /** Returns the events as they were recorded, after an answer without refusals. */
    List<RecordedEvent> events(Answer answer) {
        List<RecordedEvent> events = new ArrayList<>();
        for (Placed one : placed) {
            events.add(new RecordedEvent(
                    answer.head() + events.size() + 1,
                    written.get(one.stream()).id,
                    answer.versions().get(one.stream()) + one.number(),
                    EventRow.instant(answer.at()),
                    one.event()));
        }
        return events;
    }

    /** The last event of a call, as it was recorded. */
    record Last(long position, UUID id) {}

    /** Returns the last event, after an answer without refusals. */
    Last last(Answer answer) {
        return new Last(answer.head() + placed.size(), placed.getLast().event().id());
    }

    /** Returns how many events there are. */
    int size() {
        return placed.size();
    }

    private static List<Integer> numbers(@Nullable Array array) throws SQLException {
        return array == null ? List.of() : List.of((Integer[]) array.getArray());
    }

    private static List<Long> longs(@Nullable Array array) throws SQLException {
        return array == null ? List.of() : List.of((Long[]) array.getArray());
    }

    /** Sets one parameter after the other. */
    private static final class Parameters {
        private final PreparedStatement call;
        private int next = 1;

        Parameters(PreparedStatement call) {
            this.call = call;
        }

        void number(@Nullable Long value) throws SQLException {
            call.setObject(next++, value, Types.BIGINT);
        }

        void array(String type, @Nullable Object[] values) throws SQLException {
            call.setArray(next++, call.getConnection().createArrayOf(type, values));
        }

        void arrayOrNull(String type, @Nullable Object[] values) throws SQLException {
            if (values.length == 0) {
                call.setNull(next++, Types.ARRAY, type + "[]");
            } else {
                array(type, values);
            }
        }
    }
}
