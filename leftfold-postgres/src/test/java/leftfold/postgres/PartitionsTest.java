// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Partitions by position: made in time, and nothing that a user sees. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class PartitionsTest {
    private static final StreamId STREAM = StreamId.of("order-1");

    private final HikariDataSource pool = TestServer.newSchema();

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void the_next_partition_is_there_before_the_last_one_is_full() throws SQLException {
        TestServer.makePartitionsOf(256, pool); // as small as they can be
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            count(store, 2_400);

            assertThat(partitions()).isEqualTo(10);
            assertThat(read(store, Direction.FORWARDS)).hasSize(2_400);
            List<RecordedEvent> backwards = new ArrayList<>(read(store, Direction.BACKWARDS));
            java.util.Collections.reverse(backwards);
            assertThat(backwards).isEqualTo(read(store, Direction.FORWARDS));
            assertThat(store.verify().clean()).isTrue();
        }
    }

    @Test
    void a_copy_that_does_not_fit_has_no_partitions_made_for_it() throws SQLException {
        TestServer.makePartitionsOf(256, pool);
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            RecordedEvent far =
                    new RecordedEvent(10_000, STREAM, 1, Instant.EPOCH, Event.of("Counted", Data.json("{}")));
            assertThatThrownBy(() -> store.restore(List.of(far))).isInstanceOf(StoreException.DoesNotFit.class);

            assertThat(partitions()).isEqualTo(1);
        }
    }

    @Test
    void a_partition_can_be_moved_away_and_back_while_the_log_goes_on() throws SQLException {
        TestServer.makePartitionsOf(256, pool); // as small as they can be
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            count(store, 600);
            TestServer.execute(pool, "ALTER TABLE leftfold_events DETACH PARTITION leftfold_events_1");
            count(store, 400);

            assertThat(read(store, Direction.FORWARDS))
                    .hasSize(1_000 - 256)
                    .first()
                    .extracting(RecordedEvent::position)
                    .isEqualTo(257L);

            TestServer.execute(
                    pool,
                    "ALTER TABLE leftfold_events ATTACH PARTITION leftfold_events_1 FOR VALUES FROM (1) TO (257)");
            assertThat(read(store, Direction.FORWARDS)).hasSize(1_000);
            try (Stream<RecordedEvent> found =
                    store.read(Query.types("Counted"), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
                assertThat(found).hasSize(1_000);
            }
            assertThat(store.verify().clean()).isTrue();
        }
    }

    @Test
    void a_read_by_tag_goes_on_behind_a_partition_that_was_moved_away() throws SQLException {
        TestServer.makePartitionsOf(1_024, pool); // more than a page
        Tag tag = Tag.of("course", "c1");
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            for (int i = 0; i < 11; i++) {
                List<Event> events = Stream.generate(
                                () -> Event.of("Counted", Data.json("{}")).withTags(Set.of(tag)))
                        .limit(100)
                        .toList();
                store.append(STREAM, 100L * i, events);
            }
            TestServer.execute(pool, "ALTER TABLE leftfold_events DETACH PARTITION leftfold_events_1");

            try (Stream<RecordedEvent> found = store.read(Query.tags(tag), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
                assertThat(found.map(RecordedEvent::position))
                        .hasSize(76)
                        .startsWith(1_025L)
                        .endsWith(1_100L);
            }
        }
    }

    @Test
    void a_long_read_goes_on_behind_a_partition_that_was_moved_away() throws SQLException {
        TestServer.makePartitionsOf(3_072, pool); // more than a page
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            for (int i = 0; i < 10; i++) {
                List<Event> events = Stream.generate(() -> Event.of("Counted", Data.json("{}")))
                        .limit(1_000)
                        .toList();
                store.append(STREAM, 1_000L * i, events);
            }
            TestServer.execute(pool, "ALTER TABLE leftfold_events DETACH PARTITION leftfold_events_3073");

            List<Long> there = LongStream.rangeClosed(1, 10_000)
                    .filter(position -> position <= 3_072 || position > 6_144)
                    .boxed()
                    .toList();
            assertThat(read(store, Direction.FORWARDS))
                    .extracting(RecordedEvent::position)
                    .isEqualTo(there);
            try (Stream<RecordedEvent> found =
                    store.read(Query.types("Counted"), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
                assertThat(found.map(RecordedEvent::position)).isEqualTo(there);
            }
            assertThat(store.readStream(STREAM).map(RecordedEvent::version)).isEqualTo(there);
        }
    }

    /** Appends so many events, so few at a time that the next partition is made before it is needed. */
    private static void count(PostgresEventStore store, int events) {
        for (int i = 0; i < events; i += 20) {
            List<Event> few = Stream.generate(() -> Event.of("Counted", Data.json("{}")))
                    .limit(20)
                    .toList();
            store.append(STREAM, store.streamVersion(STREAM), few);
        }
    }

    private static List<RecordedEvent> read(PostgresEventStore store, Direction direction) {
        try (Stream<RecordedEvent> events = store.read(
                Query.all(), direction == Direction.FORWARDS ? 1 : Long.MAX_VALUE, direction, Long.MAX_VALUE)) {
            return events.toList();
        }
    }

    private long partitions() throws SQLException {
        try (Connection connection = pool.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "SELECT count(*) FROM pg_inherits WHERE inhparent = 'leftfold_events'::regclass")) {
            row.next();
            return row.getLong(1);
        }
    }
}
