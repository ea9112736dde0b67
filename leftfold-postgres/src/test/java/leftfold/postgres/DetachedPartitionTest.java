// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.AppendCondition.NothingSince;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** A stream whose first events lie in partitions that were moved away: what is left of it is found. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class DetachedPartitionTest {
    private static final StreamId STREAM = StreamId.of("order-1");
    private static final StreamId OTHER = StreamId.of("other-1");

    private final HikariDataSource pool = TestServer.newSchema();
    private PostgresEventStore store;

    @BeforeEach
    void fill() throws SQLException {
        TestServer.makePartitionsOf(256, pool);
        store = PostgresEventStore.open(pool);
        for (int i = 0; i < 60; i++) {
            String type = i < 40 ? "Counted" : "Checked";
            store.append(
                    STREAM,
                    20L * i,
                    Stream.generate(() -> Event.of(type, Data.json("{}")))
                            .limit(20)
                            .toList());
        }
        for (int first : new int[] {1, 257, 513}) {
            TestServer.execute(pool, "ALTER TABLE leftfold_events DETACH PARTITION leftfold_events_" + first);
        }
    }

    @AfterEach
    void close() {
        store.close();
        pool.close();
    }

    @Test
    void its_events_are_found_backwards_beyond_the_first_page() {
        try (Stream<RecordedEvent> found =
                store.read(Query.stream(STREAM), Long.MAX_VALUE, Direction.BACKWARDS, Long.MAX_VALUE)) {
            assertThat(found.map(RecordedEvent::position))
                    .isEqualTo(LongStream.iterate(1_200, position -> position > 768, position -> position - 1)
                            .boxed()
                            .toList());
        }
    }

    @Test
    void its_events_are_found_backwards_from_a_position_in_the_middle() {
        try (Stream<RecordedEvent> found = store.read(Query.stream(STREAM), 1_000, Direction.BACKWARDS, 3)) {
            assertThat(found.map(RecordedEvent::position)).containsExactly(1_000L, 999L, 998L);
        }
    }

    @Test
    void a_condition_on_it_is_not_refused_by_what_was_before() {
        Query counted = Query.of(new Query.Item(STREAM, null, Set.of("Counted"), Set.of()));
        Append append = new Append(
                List.of(new StreamWrite(OTHER, List.of(Event.of("Other", Data.json("{}"))))),
                List.of(new NothingSince(counted, 900))); // the last one is at 800

        assertThat(store.append(append).position()).isEqualTo(1_201);
    }

    @Test
    void the_log_that_is_left_is_sound() {
        assertThat(store.verify().findings()).isEmpty();
    }
}
