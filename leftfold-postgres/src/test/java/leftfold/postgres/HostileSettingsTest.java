// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A role or database whose settings change what texts mean. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class HostileSettingsTest {
    private static final StreamId STREAM = StreamId.of("order-1");

    private final HikariDataSource pool = TestServer.newSchema();

    @AfterEach
    void close() {
        pool.close();
    }

    private PostgresEventStore open(String schema) {
        PGSimpleDataSource source = TestServer.source(schema);
        source.setOptions("-c array_nulls=off");
        return PostgresEventStore.open(source);
    }

    /** Returns events that say something, next to some that do not say it. */
    private static List<Event> events() {
        Metadata metadata = Metadata.none().withActor("ann");
        return List.of(
                Event.of("Placed", Data.json("{}")),
                new Event(UUID.randomUUID(), "Placed", 1, Data.of(new byte[] {1}, Data.BINARY), metadata, Set.of()));
    }

    private static List<Event> read(PostgresEventStore store) {
        return store.readStream(STREAM).map(RecordedEvent::event).toList();
    }

    @Test
    void what_is_not_said_is_not_said_though_arrays_have_no_nulls() {
        List<Event> one = events();
        List<Event> other = events();
        try (PostgresEventStore store = open(pool.getSchema())) {
            store.append(STREAM, 0, one);
            store.transaction(tx -> tx.append(STREAM, 2, other));

            assertThat(read(store))
                    .isEqualTo(Stream.concat(one.stream(), other.stream()).toList());
        }
    }

    @Test
    void what_is_not_said_is_not_said_in_a_copy_though_arrays_have_no_nulls() {
        List<Event> events = events();
        try (PostgresEventStore store = open(pool.getSchema());
                HikariDataSource second = TestServer.newSchema();
                PostgresEventStore copy = open(second.getSchema())) {
            store.append(STREAM, 0, events);
            copy.restore(store.readStream(STREAM).toList());

            assertThat(read(copy)).isEqualTo(events);
        }
    }
}
