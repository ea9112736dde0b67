// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Limits;
import leftfold.store.Metadata;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Events at the limits, and data that PostgreSQL's own types would refuse. */
@org.junit.jupiter.api.Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class BadDataTest {
    private static final StreamId STREAM = StreamId.of("order-1");

    private final HikariDataSource pool = TestServer.newSchema();
    private final PostgresEventStore store = PostgresEventStore.open(pool);

    @AfterEach
    void close_the_store() {
        store.close();
        pool.close();
    }

    @Test
    void json_with_a_null_character_or_malformed_text_is_kept_and_does_not_break_the_readable_view()
            throws SQLException {
        List<Data> all = List.of(
                Data.json("{\"a\":\"\\u0000\"}"),
                Data.of(new byte[] {'"', (byte) 0xff, (byte) 0xfe, '"'}, Data.JSON),
                Data.of(new byte[] {'"', 0, '"'}, Data.JSON),
                Data.json("not json"));
        store.append(
                STREAM, 0, all.stream().map(data -> Event.of("Noted", data)).toList());

        assertThat(store.readStream(STREAM).map(RecordedEvent::data)).containsExactlyElementsOf(all);
        List<String> shown = new ArrayList<>();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT json FROM leftfold_events_readable ORDER BY position")) {
            while (rows.next()) {
                shown.add(rows.getString(1));
            }
        }
        assertThat(shown).containsExactly("{\"a\":\"\\u0000\"}", null, null, "not json");
    }

    @Test
    void an_append_of_the_largest_events_is_kept() {
        Random random = new Random(1);
        List<Event> events = IntStream.range(0, 4)
                .mapToObj(i -> {
                    byte[] bytes = new byte[Limits.DATA_BYTES_MAX];
                    random.nextBytes(bytes);
                    return Event.of("Stored", Data.of(bytes, Data.BINARY));
                })
                .toList();
        store.append(STREAM, 0, events);

        assertThat(store.readStream(STREAM).map(RecordedEvent::event).toList().equals(events))
                .isTrue();
        assertThat(store.read(Query.all(), 4, Direction.BACKWARDS, 2).map(RecordedEvent::version))
                .containsExactly(4L, 3L);
    }

    @Test
    void names_tags_and_metadata_of_the_greatest_length_are_kept_and_found() {
        StreamId longest = StreamId.of("é".repeat(Limits.STREAM_BYTES_MAX / 2));
        Set<Tag> tags = new LinkedHashSet<>();
        for (int i = 0; i < Limits.TAGS_MAX; i++) {
            String key = "k" + (100 + i);
            tags.add(Tag.of(key, random(Limits.TAG_BYTES_MAX - key.length() - 1, i)));
        }
        Metadata metadata = Metadata.none().withHeader("h", random(Limits.METADATA_BYTES_MAX - 1, 1));
        Event event = new Event(
                UUID.randomUUID(),
                random(Limits.TYPE_BYTES_MAX, 2),
                Integer.MAX_VALUE,
                Data.json("{}"),
                metadata,
                tags);
        store.append(longest, 0, List.of(event));

        Query.Item all = new Query.Item(longest, longest.category(), Set.of(event.type()), tags);
        assertThat(store.read(Query.of(all), 0, Direction.FORWARDS, 2).map(RecordedEvent::event))
                .containsExactly(event);
        assertThat(store.readStream(longest).map(RecordedEvent::event)).containsExactly(event);
        assertThat(store.streams().map(one -> one.stream())).containsExactly(longest);
    }

    /** Returns text that does not shrink when it is compressed. */
    private static String random(int length, int seed) {
        return new Random(seed)
                .ints(length, '!', '~')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
