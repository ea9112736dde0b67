// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Types and categories are found by postings of full blocks, and behind the last full one by reading. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class PostingsTest {
    private static final int BLOCK = 256;
    private static final int QUERIES = 300;

    private final HikariDataSource pool = TestServer.newSchema();

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void any_query_finds_what_reading_everything_finds() {
        Random random = new Random(1);
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            fill(store, random, 5 * BLOCK + 100);
            check(store, random, all(store));
            assertThat(store.verify().clean()).isTrue();
        }
    }

    @Test
    void a_condition_finds_the_first_match_that_reading_everything_finds() {
        Random random = new Random(2);
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            fill(store, random, 4 * BLOCK + 30);
            List<RecordedEvent> all = all(store);
            for (int i = 0; i < QUERIES; i++) {
                Query query = query(random);
                long since = i == 0 ? Long.MAX_VALUE : random.nextInt(all.size() + 10);
                assertThat(conflict(store, query, since))
                        .describedAs("%s since %d", query, since)
                        .isEqualTo(all.stream()
                                .filter(event -> event.position() > since && query.matches(event))
                                .mapToLong(RecordedEvent::position)
                                .findFirst()
                                .orElse(0));
            }
        }
    }

    @Test
    void every_length_of_a_log_around_a_full_block_is_found_whole() {
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            for (int i = 0; i < BLOCK - 3; i++) {
                append(store, i, 1);
            }
            for (int i = BLOCK - 3; i < BLOCK + 3; i++) {
                append(store, i, 1);
                assertThat(positions(store.read(
                                Query.types("Even", "Odd", "Third", "Rare"), 1, Direction.FORWARDS, Long.MAX_VALUE)))
                        .isEqualTo(LongStream.rangeClosed(1, i + 1).boxed().toList());
                assertThat(positions(
                                store.read(Query.types("Even", "Odd", "Third", "Rare"), i + 1, Direction.BACKWARDS, 2)))
                        .containsExactly(i + 1L, (long) i);
                assertThat(store.verify().clean()).isTrue();
            }
        }
    }

    @Test
    void restored_events_are_found_like_appended_ones() {
        Random random = new Random(3);
        List<RecordedEvent> all;
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            fill(store, random, 3 * BLOCK + 50);
            all = all(store);
        }
        try (HikariDataSource other = TestServer.newSchema();
                PostgresEventStore copy = PostgresEventStore.open(other)) {
            int done = 0;
            while (done < all.size()) {
                int next = Math.min(all.size(), done + 1 + random.nextInt(2 * BLOCK));
                copy.restore(all.subList(done, next));
                done = next;
            }
            check(copy, random, all);
            assertThat(copy.verify().clean()).isTrue();
        }
    }

    @Test
    void what_was_moved_away_is_neither_read_nor_in_the_way() throws SQLException {
        TestServer.makePartitionsOf(512, pool);
        Random random = new Random(4);
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            for (int i = 0; i < 1_500; i++) { // partitions are made in time for them
                append(store, i, 1);
            }
            List<RecordedEvent> all = all(store);

            TestServer.execute(pool, "ALTER TABLE leftfold_events DETACH PARTITION leftfold_events_513");
            check(store, random, without(all, 513, 1_024));
            TestServer.execute(pool, "ALTER TABLE leftfold_events DETACH PARTITION leftfold_events_1");
            check(store, random, without(all, 1, 1_024));
            assertThat(conflict(store, Query.types("Even", "Odd", "Third"), 0)).isEqualTo(1_025);

            TestServer.execute(
                    pool,
                    "ALTER TABLE leftfold_events ATTACH PARTITION leftfold_events_1 FOR VALUES FROM (1) TO (513)");
            check(store, random, without(all, 513, 1_024));
        }
    }

    @Test
    void verify_names_what_postings_lack_and_what_they_say_wrongly() throws SQLException {
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            append(store, 0, BLOCK);
            TestServer.execute(
                    pool,
                    "UPDATE leftfold_postings SET offsets = array_remove(offsets, 7::smallint) WHERE key = 'c:number'");
            assertThat(store.verify().findings())
                    .containsExactly("position 7: leftfold_postings lacks it, or says another type or category");

            TestServer.execute(
                    pool,
                    "UPDATE leftfold_postings SET offsets = offsets || 7::smallint || 300::smallint"
                            + " WHERE key = 'c:number'");
            assertThat(store.verify().findings())
                    .containsExactly("position 300: leftfold_postings says a type or category that it does not have");
        }
    }

    private static List<RecordedEvent> without(List<RecordedEvent> all, long from, long to) {
        return all.stream()
                .filter(event -> event.position() < from || event.position() > to)
                .toList();
    }

    /** Compares random reads with what {@code all}, filtered, says. */
    private static void check(PostgresEventStore store, Random random, List<RecordedEvent> all) {
        for (int i = 0; i < QUERIES; i++) {
            Query query = query(random);
            long from = 1L + random.nextInt(all.size() + 10);
            long limit = random.nextBoolean() ? Long.MAX_VALUE : 1 + random.nextInt(20);
            Direction direction = random.nextBoolean() ? Direction.FORWARDS : Direction.BACKWARDS;
            List<RecordedEvent> ordered = direction == Direction.FORWARDS ? all : all.reversed();
            List<Long> expected = ordered.stream()
                    .filter(event ->
                            direction == Direction.FORWARDS ? event.position() >= from : event.position() <= from)
                    .filter(query::matches)
                    .limit(limit)
                    .map(RecordedEvent::position)
                    .toList();
            assertThat(positions(store.read(query, from, direction, limit)))
                    .describedAs("%s from %d, %s, %d", query, from, direction, limit)
                    .isEqualTo(expected);
        }
    }

    /** Returns a query of types and categories, rare, common and unknown ones. */
    private static Query query(Random random) {
        List<Query.Item> items = new ArrayList<>();
        for (int more = 1 + random.nextInt(2); more > 0; more--) {
            Set<String> types = new HashSet<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                types.add(List.of("Even", "Odd", "Third", "Rare", "None").get(random.nextInt(5)));
            }
            String category = List.of("number", "odd", "none").get(random.nextInt(3));
            items.add(new Query.Item(null, types.isEmpty() || random.nextBoolean() ? category : null, types, Set.of()));
        }
        return new Query(items);
    }

    private static void fill(PostgresEventStore store, Random random, int events) {
        int next = 0;
        while (next < events) {
            int count = random.nextInt(10) == 0 ? Math.min(events - next, 1 + random.nextInt(BLOCK * 3 / 2)) : 1;
            append(store, next, count);
            next += count;
        }
    }

    /** Appends the numbers from {@code first} on, each to a stream of its category. */
    private static void append(PostgresEventStore store, int first, int count) {
        Map<StreamId, List<Event>> streams = new LinkedHashMap<>();
        IntStream.range(first, first + count).forEach(i -> {
            String type = i % 100 == 50 ? "Rare" : i % 3 == 0 ? "Third" : i % 2 == 0 ? "Even" : "Odd";
            StreamId stream = i % 7 == 5 ? StreamId.of("odd") : StreamId.of("number", "" + i % 20);
            streams.computeIfAbsent(stream, one -> new ArrayList<>()).add(Event.of(type, Data.json("{}")));
        });
        List<StreamWrite> writes = streams.entrySet().stream()
                .map(one -> new StreamWrite(one.getKey(), one.getValue()))
                .toList();
        store.append(writes, List.of());
    }

    private static long conflict(PostgresEventStore store, Query query, long since) {
        Append append = new Append(
                List.of(new StreamWrite(StreamId.of("never"), List.of(Event.of("Never", Data.json("{}"))))),
                List.of(
                        new AppendCondition.NothingSince(query, since),
                        new AppendCondition.StreamExists(StreamId.of("none")))); // so that nothing is written
        try {
            store.append(append);
            throw new AssertionError("a stream exists that does not");
        } catch (StoreException.Conflict e) {
            return e.condition() instanceof AppendCondition.NothingSince ? e.found() : 0;
        }
    }

    private static List<RecordedEvent> all(PostgresEventStore store) {
        try (Stream<RecordedEvent> events = store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            return events.toList();
        }
    }

    private static List<Long> positions(Stream<RecordedEvent> events) {
        try (events) {
            return events.map(RecordedEvent::position).toList();
        }
    }
}
