// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import leftfold.store.Append;
import leftfold.store.AppendCondition.StreamAt;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The same append through two processes: one looks for the reason of a refusal while the other one commits. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class RefusalRaceTest {
    private static final StreamId STREAM = StreamId.of("order-1");

    @Test
    void the_same_events_that_are_committed_meanwhile_are_not_taken_for_other_events() throws Exception {
        try (HikariDataSource pool = TestServer.newSchema();
                PostgresEventStore other = PostgresEventStore.open(pool)) {
            other.append(STREAM, 0, List.of(Event.of("Placed", Data.json("{}"))));
            Append same = new Append(
                    List.of(new StreamWrite(
                            STREAM, List.of(Event.of("Packed", Data.json("{}")), Event.of("Sent", Data.json("{}"))))),
                    List.of(new StreamAt(STREAM, 2)));
            AtomicInteger lookedForIds = new AtomicInteger();
            DataSource slow = beforeSecondLook(pool, lookedForIds, () -> {
                other.append(STREAM, 1, List.of(Event.of("Paid", Data.json("{}"))));
                other.append(same);
            });
            try (PostgresEventStore store = PostgresEventStore.open(slow)) {
                assertThatThrownBy(() -> store.append(same)) // as it was at the first look
                        .isInstanceOfSatisfying(
                                StoreException.Conflict.class,
                                conflict -> assertThat(conflict.found()).isEqualTo(1));
                assertThat(store.append(same).repeated()).isTrue();
            }
        }
    }

    /** Returns the database; {@code meanwhile} is done between the first two looks for an event's id. */
    private static DataSource beforeSecondLook(DataSource database, AtomicInteger looks, Runnable meanwhile) {
        return Wrapped.connections(database, call -> {
            if (call.prepared().startsWith("SELECT version FROM leftfold_events")
                    && call.prepared().endsWith("event_id = ?")
                    && looks.incrementAndGet() == 2) {
                meanwhile.run();
            }
            return call.proceed();
        });
    }
}
