// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class PrintedEventsTest {
    private static final UUID ID = new UUID(1, 2);

    @Test
    void json_has_every_property_and_leaves_unknown_metadata_out() {
        RecordedEvent event = recorded("Placed", Data.json("{\"total\": 1.50}"));

        assertThat(EventJson.line(event))
                .isEqualTo("{\"position\":7,\"stream\":\"order-1\",\"version\":2,"
                        + "\"id\":\"00000000-0000-0001-0000-000000000002\",\"type\":\"Placed\",\"schemaVersion\":1,"
                        + "\"recordedAt\":\"2026-07-22T15:00:00.123456Z\","
                        + "\"metadata\":{\"actor\":\"me\",\"headers\":{\"h\":\"1\"}},\"tags\":[\"k:v\"],"
                        + "\"data\":{\"total\": 1.50}}");
    }

    @Test
    void data_that_is_not_json_is_printed_as_base64() {
        assertThat(EventJson.line(recorded("Placed", Data.of(new byte[] {0, 1, -1}, Data.BINARY))))
                .endsWith("\"data\":{\"base64\":\"AAH/\",\"contentType\":\"application/octet-stream\"}}");
    }

    @Test
    void data_that_only_claims_to_be_json_is_printed_as_base64() {
        for (Data data : new Data[] {
            Data.json("{"), Data.json(""), Data.json("1 2"), Data.of(new byte[] {'"', -1, '"'}, Data.JSON)
        }) {
            assertThat(EventJson.line(recorded("Placed", data))).contains("\"data\":{\"base64\":\"");
        }
    }

    @Test
    void json_stays_on_one_line_and_keeps_its_digits() {
        assertThat(EventJson.json(Data.json("{\r\n \"a\": 1e400,\n\"a\": 0.10\n}\n")))
                .isEqualTo("{   \"a\": 1e400, \"a\": 0.10 }");
    }

    @Test
    void text_cannot_command_the_terminal() {
        String line = EventText.line(recorded("Evil\u001b[2J\n\u009b\u202e", Data.json("{\"x\":\"\u009b1m\"}")));

        assertThat(line).contains("Evil\\u001b[2J\\u000a\\u009b\\u202e").contains("\\u009b1m");
        assertThat(line.chars()).noneMatch(Character::isISOControl);
    }

    @Test
    void text_keeps_what_is_only_foreign() {
        assertThat(Shown.line("Zoë 👩‍💻 日本 می‌خواهم")).isEqualTo("Zoë 👩‍💻 日本 می‌خواهم");
    }

    @Test
    void long_data_is_cut_between_characters() {
        assertThat(Shown.line("a👩b", 2)).isEqualTo("a…");
        assertThat(Shown.line("a👩b", 3)).isEqualTo("a👩…");
    }

    private static RecordedEvent recorded(String type, Data data) {
        Metadata metadata = new Metadata(null, null, "me", null, Map.of("h", "1"));
        Event event = new Event(ID, type, 1, data, metadata, Set.of(Tag.of("k", "v")));
        return new RecordedEvent(7, StreamId.of("order-1"), 2, Instant.parse("2026-07-22T15:00:00.123456Z"), event);
    }
}
