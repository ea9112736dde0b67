// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import leftfold.jdbc.SqlProjection;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventCodec;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** An inline handler that fails with an error, such as an assertion or a stack that overflows, and not an exception. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class HandlerErrorTest {
    private static final EventCodec<String> CODEC = new EventCodec<>() {
        @Override
        public Set<String> types() {
            return Set.of("Said");
        }

        @Override
        public EncodedEvent encode(String event) {
            return new EncodedEvent("Said", 1, Data.json(event), Set.of());
        }

        @Override
        public String decode(RecordedEvent recorded) {
            return recorded.data().text();
        }
    };

    private static final SqlProjection PROJECTION = SqlProjection.<String>declare("said", 1, CODEC)
            .table("said", "id BIGINT NOT NULL PRIMARY KEY")
            .on(String.class, (sql, event) -> {
                if (event.event().equals("13")) {
                    throw new StackOverflowError("of the handler");
                }
                sql.update("INSERT INTO " + sql.table("said") + " VALUES (?)", event.position());
            })
            .build();

    @Test
    void fails_its_own_append_and_leaves_its_neighbours_alone() throws Exception {
        try (HikariDataSource pool = TestServer.newSchema();
                PostgresEventStore store =
                        PostgresEventStore.open(pool, PostgresOptions.defaults(), List.of(PROJECTION))) {
            List<CompletableFuture<AppendResult>> results = new ArrayList<>();
            try (Connection lock = pool.getConnection()) {
                lock.setAutoCommit(false);
                TestServer.execute(lock, "SELECT 1 FROM leftfold_log FOR UPDATE");
                for (int i = 0; i < 20; i++) { // the first waits for the lock, the others for the first
                    results.add(store.appendAsync(new Append(
                            List.of(new StreamWrite(
                                    StreamId.of("said-" + i), List.of(Event.of("Said", Data.json("" + i))))),
                            List.of())));
                }
                lock.commit();
            }
            for (int i = 0; i < 20; i++) {
                if (i == 13) {
                    assertThatThrownBy(results.get(i)::join)
                            .hasCauseInstanceOf(StoreException.Unavailable.class)
                            .hasRootCauseInstanceOf(StackOverflowError.class);
                } else {
                    assertThat(results.get(i).join().repeated()).isFalse();
                }
            }
            assertThat(store.head()).isEqualTo(19);
        }
    }
}
