// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Pages end where an event is too large for a page of their length; a reader must not notice. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class PagesTest {
    private static final StreamId STREAM = StreamId.of("file", "1");
    private static final int EVENTS = 700; // more than a page, so that all lengths of pages come about

    /** Returns how large event {@code i} is: most are small, some fit into no page but one of their own. */
    private static int size(int i) {
        if (i % 300 == 299) {
            return 3_000_000;
        }
        return i % 50 == 0 ? 100_000 : 10;
    }

    private static void fill(PostgresEventStore store) {
        for (int from = 0; from < EVENTS; from += 100) {
            List<Event> events = new ArrayList<>();
            for (int i = from; i < from + 100; i++) {
                events.add(Event.of("Saved", Data.of(new byte[size(i)], "application/octet-stream")));
            }
            store.append(new Append(List.of(new StreamWrite(STREAM, events)), List.of()));
        }
    }

    @Test
    void events_of_all_sizes_come_in_order_whole_and_once() {
        List<Integer> expected =
                Stream.iterate(0, i -> i + 1).limit(EVENTS).map(PagesTest::size).toList();
        try (HikariDataSource pool = TestServer.newSchema();
                PostgresEventStore store = PostgresEventStore.open(pool)) {
            fill(store);
            assertThat(sizes(store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)))
                    .isEqualTo(expected);
            assertThat(sizes(store.readStream(STREAM))).isEqualTo(expected);
            assertThat(sizes(store.read(Query.types("Saved"), 200, Direction.FORWARDS, 300)))
                    .isEqualTo(expected.subList(199, 499));
            assertThat(sizes(store.readStream(STREAM, EVENTS, Direction.BACKWARDS, Long.MAX_VALUE)))
                    .isEqualTo(reversed(expected));
        }
    }

    /** Where most events match all are read, and where few do those alone; some are too large for a long page. */
    @Test
    void a_long_read_by_type_finds_each_match_whether_most_events_match_or_few() {
        try (HikariDataSource pool = TestServer.newSchema();
                PostgresEventStore store = PostgresEventStore.open(pool)) {
            List<Long> expected = fillMixed(store);

            Query query = Query.types("Wanted");
            assertThat(positions(store.read(query, 1, Direction.FORWARDS, Long.MAX_VALUE)))
                    .isEqualTo(expected);
            assertThat(positions(store.read(query, 2_500, Direction.FORWARDS, 6_000)))
                    .isEqualTo(expected.stream()
                            .filter(position -> position >= 2_500)
                            .limit(6_000)
                            .toList());
            assertThat(positions(store.read(query, Long.MAX_VALUE, Direction.BACKWARDS, Long.MAX_VALUE)))
                    .isEqualTo(expected.reversed());
        }
    }

    @Test
    void a_long_read_ends_where_the_log_ended_when_it_began() {
        try (HikariDataSource pool = TestServer.newSchema();
                PostgresEventStore store = PostgresEventStore.open(pool)) {
            append(store, 7_000, "Wanted", 10);
            try (Stream<RecordedEvent> all = store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE);
                    Stream<RecordedEvent> limited = store.read(Query.all(), 11, Direction.FORWARDS, 6_500)) {
                append(store, 3_000, "Wanted", 10);

                assertThat(all.map(RecordedEvent::position))
                        .isEqualTo(LongStream.rangeClosed(1, 7_000).boxed().toList());
                assertThat(limited.map(RecordedEvent::position))
                        .isEqualTo(LongStream.rangeClosed(11, 6_510).boxed().toList());
            }
        }
    }

    /** Returns the positions of the events of type Wanted. */
    private static List<Long> fillMixed(PostgresEventStore store) {
        List<Long> wanted = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int other = i < 10 ? 100 : i < 14 ? 999 : 0; // of a thousand
            append(store, other, "Other", 10);
            long head = store.head();
            append(store, 1_000 - other, "Wanted", i == 5 ? 20_000 : 10);
            LongStream.rangeClosed(head + 1, store.head()).forEach(wanted::add);
        }
        return wanted;
    }

    private static void append(PostgresEventStore store, int count, String type, int size) {
        if (count > 0) {
            List<Event> events = Stream.generate(
                            () -> Event.of(type, Data.of(new byte[size], "application/octet-stream")))
                    .limit(count)
                    .toList();
            store.append(new Append(List.of(new StreamWrite(STREAM, events)), List.of()));
        }
    }

    private static List<Long> positions(Stream<RecordedEvent> events) {
        try (events) {
            return events.map(RecordedEvent::position).toList();
        }
    }

    private static List<Integer> sizes(Stream<RecordedEvent> events) {
        try (events) {
            return events.map(event -> event.data().size()).toList();
        }
    }

    private static List<Integer> reversed(List<Integer> all) {
        List<Integer> reversed = new ArrayList<>(all);
        Collections.reverse(reversed);
        return reversed;
    }
}
