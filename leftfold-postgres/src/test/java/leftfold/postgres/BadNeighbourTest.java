// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Appends that the database refuses, in one group with others. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class BadNeighbourTest {
    private static final String CHECK =
            "ALTER TABLE leftfold_events ADD CONSTRAINT not_so CHECK (type <> 'Bad') NOT VALID";
    private static final String UNIQUE =
            "CREATE UNIQUE INDEX not_so ON leftfold_events_1 (type) WHERE type = 'Bad'"; // as a race would be refused
    private static final int APPENDS = 300;
    private static final StreamId STREAM = StreamId.of("order-1");

    private final HikariDataSource pool = TestServer.newSchema();
    private final PostgresEventStore store = PostgresEventStore.open(pool);

    @AfterEach
    void close_the_store() {
        store.close();
        pool.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {CHECK, UNIQUE})
    void a_bad_append_fails_alone(String constraint) throws SQLException {
        append("Bad", STREAM).join();
        try (Connection connection = pool.getConnection()) {
            TestServer.execute(connection, constraint);
        }
        List<CompletableFuture<AppendResult>> results = new ArrayList<>();
        for (int i = 0; i < APPENDS; i++) {
            results.add(append(isBad(i) ? "Bad" : "Good" + i, i % 2 == 0 ? STREAM : StreamId.of("other", "" + i)));
        }

        for (int i = 0; i < APPENDS; i++) {
            CompletableFuture<AppendResult> result = results.get(i);
            if (isBad(i)) {
                assertThatThrownBy(result::join)
                        .hasCauseInstanceOf(StoreException.Unavailable.class)
                        .hasMessageContaining("not_so");
            } else {
                assertThat(result.join().repeated()).isFalse();
            }
        }
        assertThat(store.readStream(STREAM).map(RecordedEvent::type).skip(1))
                .containsExactlyElementsOf(IntStream.range(0, APPENDS)
                        .filter(i -> i % 2 == 0 && !isBad(i))
                        .mapToObj(i -> "Good" + i)
                        .toList());
        assertThat(store.head())
                .isEqualTo(
                        1 + IntStream.range(0, APPENDS).filter(i -> !isBad(i)).count());
    }

    private static boolean isBad(int i) {
        return i == 10 || i == 77 || i == APPENDS - 1;
    }

    private CompletableFuture<AppendResult> append(String type, StreamId stream) {
        Event event = Event.of(type, Data.json("{}"));
        return store.appendAsync(new Append(List.of(new StreamWrite(stream, List.of(event))), List.of()));
    }
}
