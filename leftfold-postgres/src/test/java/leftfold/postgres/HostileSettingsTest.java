// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/** A role or database whose settings change what texts mean. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class HostileSettingsTest {
    private static final StreamId STREAM = StreamId.of("order-1");

    private final HikariDataSource pool = TestServer.newSchema();

    @AfterEach
    void close() {
        pool.close();
    }

    /** Returns connections without nulls in arrays, of a driver that sends texts only where it is {@code SIMPLE}. */
    private static PGSimpleDataSource source(String schema, PreferQueryMode mode) {
        PGSimpleDataSource source = TestServer.source(schema);
        source.setOptions("-c array_nulls=off");
        source.setPreferQueryMode(mode);
        return source;
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

    @ParameterizedTest
    @EnumSource(names = {"EXTENDED", "SIMPLE"})
    void what_is_not_said_is_not_said_though_arrays_have_no_nulls(PreferQueryMode mode) {
        List<Event> one = events();
        List<Event> other = events();
        try (PostgresEventStore store = PostgresEventStore.open(source(pool.getSchema(), mode))) {
            store.append(STREAM, 0, one);
            store.transaction(tx -> tx.append(STREAM, 2, other));

            assertThat(read(store))
                    .isEqualTo(Stream.concat(one.stream(), other.stream()).toList());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXTENDED", "SIMPLE"})
    void what_is_not_said_is_not_said_in_a_copy_though_arrays_have_no_nulls(PreferQueryMode mode) {
        List<Event> events = events();
        try (PostgresEventStore store = PostgresEventStore.open(source(pool.getSchema(), mode));
                HikariDataSource second = TestServer.newSchema();
                PostgresEventStore copy = PostgresEventStore.open(source(second.getSchema(), mode))) {
            store.append(STREAM, 0, events);
            copy.restore(store.readStream(STREAM).toList());

            assertThat(read(copy)).isEqualTo(events);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXTENDED", "SIMPLE"})
    void a_message_without_headers_has_none_though_arrays_have_no_nulls(PreferQueryMode mode) throws SQLException {
        OutboxMessage plain = OutboxMessage.of("a", "Placed", Data.json("{}"));
        OutboxMessage full = OutboxMessage.of("a", "Placed", Data.of(new byte[] {1}, Data.BINARY))
                .withHeaders(Map.of("by", "ann"));
        Outbox outbox = Outbox.open(pool);
        try (Connection connection = source(pool.getSchema(), mode).getConnection()) {
            connection.setAutoCommit(false);
            Outbox.publish(connection, plain, full);
            connection.commit();
        }

        assertThat(IntStream.range(0, Outbox.SHARDS)
                        .boxed()
                        .flatMap(shard -> new OutboxTable(new Rows(pool)).page(shard, 0, 10).stream())
                        .map(PublishedMessage::message))
                .containsExactly(plain, full);
        assertThat(outbox.status().waiting()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"EXTENDED", "SIMPLE"})
    void an_inline_read_model_that_wants_none_of_the_events_is_no_hindrance(PreferQueryMode mode) throws Exception {
        try (PostgresEventStore store = PostgresEventStore.open(
                source(pool.getSchema(), mode), PostgresOptions.defaults(), List.of(Accounts.balances(1, 1)))) {
            store.append(Accounts.append("a", 5));
            store.append(STREAM, 0, events());
            store.append(Accounts.append("a", 6));
        }
        try (PostgresEventStore store = PostgresEventStore.open(
                source(pool.getSchema(), mode), PostgresOptions.defaults(), List.of(Accounts.balances(1, 1)))) {
            store.append(Accounts.append("a", 7));

            assertThat(Accounts.balances(pool)).isEqualTo(Map.of("a", 18L));
        }
    }
}
