// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** An append that got lost on its way: its first try may still come to a server that has the second one behind it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class LateFirstTryTest {
    private static final StreamId STREAM = StreamId.of("order-1");

    @Test
    void a_refusal_of_the_second_try_that_the_log_may_outgrow_is_unknown() {
        AtomicBoolean cut = new AtomicBoolean();
        try (HikariDataSource pool = TestServer.newSchema();
                PostgresEventStore store = PostgresEventStore.open(losing(pool, cut))) {
            cut.set(true);
            assertThatThrownBy(() -> store.append(STREAM, 1, List.of(Event.of("Placed", Data.json("{}")))))
                    .isInstanceOf(StoreException.OutcomeUnknown.class);
            store.append(STREAM, 0, List.of(Event.of("Placed", Data.json("{}"))));
            cut.set(true);
            assertThatThrownBy(() -> store.append(STREAM, 0, List.of(Event.of("Placed", Data.json("{}")))))
                    .isInstanceOf(StoreException.Conflict.class); // no log gets smaller
        }
    }

    /** Returns the database; the next append that is sent to it when {@code cut} is set gets lost. */
    private static DataSource losing(DataSource database, AtomicBoolean cut) {
        return Wrapped.connections(database, call -> {
            if (call.prepared().contains("leftfold_append") && cut.compareAndSet(true, false)) {
                throw new SQLException("the connection was lost", "08006");
            }
            return call.proceed();
        });
    }
}
