// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import java.util.Set;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What does not agree is found, whatever it is. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class VerificationTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DELETE FROM leftfold_events WHERE position = 3 | position 4: the position before it is missing
            DELETE FROM leftfold_events WHERE position = 1 | position 1: leftfold_streams says that a stream begins here
            UPDATE leftfold_events SET recorded_at = 5 WHERE position = 3 | position 3: it was recorded before
            UPDATE leftfold_events SET version = 9 WHERE position = 3 | position 3: its version does not follow
            UPDATE leftfold_events SET event_id = (SELECT event_id FROM leftfold_events WHERE position = 1) \
            WHERE position = 3 | position 3: its id stands in its stream twice
            UPDATE leftfold_streams SET name = 'order-9' | position 1: leftfold_streams does not name its stream
            INSERT INTO leftfold_streams VALUES (2, 'order-9') | position 2: leftfold_streams says that a stream
            DELETE FROM leftfold_tags WHERE position = 3 | position 3: leftfold_tags lacks a tag of it
            INSERT INTO leftfold_tags VALUES ('a:b', 3) | position 3: leftfold_tags says a tag that it does not have
            """)
    void it_is_found(String damage, String finding) throws Exception {
        try (HikariDataSource pool = TestServer.newSchema();
                PostgresEventStore store = PostgresEventStore.open(pool)) {
            for (int i = 0; i < 5; i++) {
                Event event = Event.of("Placed", Data.json("{}")).withTags(Set.of(Tag.of("by", "ann")));
                store.append(StreamId.of("order-1"), i, List.of(event));
            }
            TestServer.execute(pool, damage);
            assertThat(store.verify().findings())
                    .anySatisfy(one -> assertThat(one).startsWith(finding));
        }
    }
}
