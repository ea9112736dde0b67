// SPDX-License-Identifier: Apache-2.0
package leftfold.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import leftfold.jackson.Everything.Colour;
import leftfold.jackson.Everything.Feed;
import leftfold.jackson.Everything.Growth;
import leftfold.jackson.Everything.Numbers;
import leftfold.jackson.Everything.Origin;
import leftfold.jackson.Everything.Parts;
import leftfold.jackson.Everything.Price;
import leftfold.jackson.Everything.Tagged;
import leftfold.jackson.Everything.Times;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventType;
import leftfold.schema.SchemaException;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JsonCodecTest {
    private static final UUID ID = UUID.fromString("5b0ed8d4-8a2c-4d6e-9c55-0f6c1c1b7f10");

    private final JsonCodec<Everything> codec = JsonCodec.of(Everything.class);

    @Test
    void numbers_keep_their_exact_value() {
        Numbers event = new Numbers(
                Long.MIN_VALUE,
                7,
                -0.0,
                new BigDecimal("12345678901234567890.12345678901234567890"),
                true,
                "ü\u0001𝄞");
        assertThat(roundTrip(event)).isEqualTo(event);
        assertThat(roundTrip(new Numbers(0, 0, Double.NaN, new BigDecimal("1.10"), false, "")))
                .isEqualTo(new Numbers(0, 0, Double.NaN, new BigDecimal("1.10"), false, ""));
        assertThat(roundTrip(new Numbers(0, 0, 0.1, new BigDecimal("1E+30"), false, "")))
                .isEqualTo(new Numbers(0, 0, 0.1, new BigDecimal("1E+30"), false, ""));
    }

    @Test
    void times_keep_nanoseconds_offset_and_zone() {
        Times event = new Times(
                Instant.parse("2026-03-01T10:15:30.123456789Z"),
                LocalDate.of(2024, 2, 29),
                OffsetDateTime.parse("2026-03-01T10:15:30+05:30"),
                ZonedDateTime.parse("2026-03-01T10:15:30+01:00[Europe/Berlin]"),
                Duration.ofMillis(90_061));
        assertThat(codec.encode(event).data().text())
                .isEqualTo("{\"instant\":\"2026-03-01T10:15:30.123456789Z\",\"date\":\"2024-02-29\","
                        + "\"offset\":\"2026-03-01T10:15:30+05:30\","
                        + "\"zoned\":\"2026-03-01T10:15:30+01:00[Europe/Berlin]\",\"duration\":\"PT1M30.061S\"}");
        assertThat(roundTrip(event)).isEqualTo(event);
    }

    @Test
    void parts_are_written_in_their_own_order_and_enums_by_name() {
        Map<String, Price> byName = new LinkedHashMap<>();
        byName.put("z", new Price(new BigDecimal("2.50"), "EUR"));
        byName.put("a", new Price(BigDecimal.ONE, "USD"));
        Parts event = new Parts(List.copyOf(byName.values()), byName, Optional.of("new"), Colour.GREEN, ID);
        assertThat(codec.encode(event).data().text())
                .isEqualTo("{\"prices\":[{\"amount\":2.50,\"currency\":\"EUR\"},{\"amount\":1,\"currency\":\"USD\"}],"
                        + "\"byName\":{\"z\":{\"amount\":2.50,\"currency\":\"EUR\"},"
                        + "\"a\":{\"amount\":1,\"currency\":\"USD\"}},"
                        + "\"note\":\"new\",\"colour\":\"GREEN\",\"id\":\"5b0ed8d4-8a2c-4d6e-9c55-0f6c1c1b7f10\"}");
        assertThat(roundTrip(event)).isEqualTo(event);
    }

    @Test
    void methods_beside_the_components_are_not_written() {
        Numbers event = new Numbers(-1, 2, 3.5, BigDecimal.TEN, true, "a");
        assertThat(codec.encode(event).data().text())
                .isEqualTo("{\"whole\":-1,\"small\":2,\"fraction\":3.5,\"exact\":10,\"large\":true,\"text\":\"a\"}");
    }

    @Test
    void a_sealed_component_with_type_names_comes_back_as_its_case() {
        Origin event = new Origin(new Feed("https://example.org"));
        assertThat(codec.encode(event).data().text())
                .isEqualTo("{\"source\":{\"kind\":\"feed\",\"url\":\"https://example.org\"}}");
        assertThat(roundTrip(event)).isEqualTo(event);
    }

    @Test
    void tags_come_from_components_one_for_each_element() {
        assertThat(codec.encode(new Tagged(List.of("b", "a"), ID, Optional.of(Colour.RED), 3))
                        .tags())
                .containsExactly(
                        Tag.of("topic", "b"),
                        Tag.of("topic", "a"),
                        Tag.of("reader", ID.toString()),
                        Tag.of("colour", "RED"),
                        Tag.of("size", "3"));
        assertThat(codec.encode(new Tagged(List.of(), null, Optional.empty(), 0))
                        .tags())
                .containsExactly(Tag.of("size", "0"));
    }

    @Test
    void a_missing_property_is_null_zero_or_what_the_compact_constructor_says() {
        assertThat(decode("GrowthKnown", 1, "{\"name\":\"a\"}"))
                .isEqualTo(new Growth("a", 0, false, null, Set.of("none")));
        assertThat(decode("PartsKnown", 1, "{\"prices\":[],\"byName\":{}}"))
                .extracting(event -> ((Parts) event).note())
                .isEqualTo(Optional.empty());
    }

    @Test
    void an_unknown_property_is_ignored() {
        assertThat(decode("GrowthKnown", 1, "{\"name\":\"a\",\"later\":{\"x\":[1]},\"labels\":[]}"))
                .isEqualTo(new Growth("a", 0, false, null, Set.of()));
    }

    @Test
    void an_event_that_its_record_refuses_is_a_schema_error() {
        JsonCodec<Strict> strict = JsonCodec.of(Strict.class);
        assertThatThrownBy(() -> strict.decode(recorded("Counted", 1, Data.json("{\"count\":-1}"))))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("Counted@1")
                .hasMessageContaining("a count is 0 or more");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{",
                "{\"whole\":1",
                "{\"whole\":1}}",
                "{\"whole\":1} x",
                "{whole:1}",
                "{\"whole\":\"1\"}",
                "{\"whole\":1.5}",
                "{\"whole\":99999999999999999999}",
                "{\"large\":\"true\"}",
                "{\"large\":1}",
                "{\"text\":{}}",
                "{\"text\":5}",
                "{\"exact\":\"1.0\"}",
            })
    void data_that_does_not_fit_is_refused_with_its_place(String json) {
        assertThatThrownBy(() -> decode("NumbersKnown", 1, json))
                .isInstanceOf(SchemaException.class)
                .hasMessageStartingWith("event NumbersKnown@1 in stream article-7 at version 3 (position 12): ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void the_message_names_path_line_and_column() {
        assertThatThrownBy(() -> decode("PartsKnown", 1, "{\"prices\":[\n {\"amount\":true}]}"))
                .hasMessageContaining(": at .prices[0].amount, line 2, column 12: ");
    }

    @Test
    void an_enum_is_not_read_from_a_number_or_an_unknown_name() {
        assertThatThrownBy(() -> decode("PartsKnown", 1, "{\"colour\":0}")).isInstanceOf(SchemaException.class);
        assertThatThrownBy(() -> decode("PartsKnown", 1, "{\"colour\":\"BLUE\"}"))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("BLUE");
    }

    @Test
    void what_cannot_be_written_is_refused_with_its_place() {
        JsonCodec<Opaque> opaque = JsonCodec.of(Opaque.class);
        assertThatThrownBy(() -> opaque.encode(new Opaque(List.of(new Object()))))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("event Hidden@1 cannot be written as JSON: at .things[0]: ");
    }

    @Test
    void malformed_json_is_refused_with_line_and_column() {
        assertThatThrownBy(() -> decode("NumbersKnown", 1, "{\n  \"whole\": ?}"))
                .hasMessageContaining(": at line 2, column 12: Unexpected character ('?'");
    }

    @Test
    void json_that_ends_too_soon_is_refused_with_line_and_column_and_no_word_of_the_parser() {
        assertThatThrownBy(() -> decode("NumbersKnown", 1, "{\"whole\": 1"))
                .hasMessageContaining(": Unexpected end-of-input: expected close marker for Object")
                .hasMessageContaining("line 1, column ")
                .hasMessageNotContaining("REDACTED");
        assertThatThrownBy(() -> decode("NumbersKnown", 1, "{\"whole\": 1]"))
                .hasMessageEndingWith(": Unexpected close marker ']': expected '}'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"instant", "date", "offset", "zoned", "duration"})
    void the_empty_text_is_not_a_time(String component) {
        assertThatThrownBy(() -> decode("TimesKnown", 1, "{\"" + component + "\":\"\"}"))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("at ." + component);
    }

    @Test
    void bytes_that_are_not_utf_8_are_refused() {
        Data data = Data.of(new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'}, Data.JSON);
        assertThatThrownBy(() -> codec.decode(recorded("NumbersKnown", 1, data)))
                .isInstanceOf(SchemaException.class);
    }

    @Test
    void another_content_type_is_refused() {
        assertThatThrownBy(() -> codec.decode(recorded("NumbersKnown", 1, Data.of(new byte[] {'{', '}'}, Data.BINARY))))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("application/octet-stream")
                .hasMessageContaining("application/json");
    }

    @Test
    void an_unknown_type_is_refused() {
        assertThatThrownBy(() -> decode("NobodyKnows", 1, "{}"))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("NobodyKnows@1")
                .hasMessageContaining("no such type");
    }

    @Test
    void a_newer_schema_version_asks_for_a_deployment() {
        assertThatThrownBy(() -> decode("NumbersKnown", 2, "{}"))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("written by newer code")
                .hasMessageContaining("deploy");
    }

    private Everything roundTrip(Everything event) {
        EncodedEvent encoded = codec.encode(event);
        assertThat(encoded.data())
                .isEqualTo(JsonCodec.of(Everything.class).encode(event).data());
        return codec.decode(recorded(encoded.type(), encoded.schemaVersion(), encoded.data()));
    }

    private Everything decode(String type, int schemaVersion, String json) {
        return codec.decode(recorded(type, schemaVersion, Data.json(json)));
    }

    static RecordedEvent recorded(String type, int schemaVersion, Data data) {
        Event event = new Event(ID, type, schemaVersion, data, Metadata.none(), Set.of());
        return new RecordedEvent(12, StreamId.of("article-7"), 3, Instant.EPOCH, event);
    }

    @EventType("Counted")
    record Strict(int count) {
        Strict {
            if (count < 0) {
                throw new IllegalArgumentException("a count is 0 or more");
            }
        }
    }

    @EventType("Hidden")
    record Opaque(List<Object> things) {}
}
