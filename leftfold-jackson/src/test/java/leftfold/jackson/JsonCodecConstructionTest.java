// SPDX-License-Identifier: Apache-2.0
package leftfold.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventTag;
import leftfold.schema.EventType;
import leftfold.store.Event;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JsonCodecConstructionTest {
    sealed interface Nested {
        @EventType("Outer")
        record Outer() implements Nested {}

        sealed interface Deeper extends Nested {
            @EventType("Inner")
            record Inner(int value) implements Deeper {}
        }
    }

    sealed interface Unnamed {
        record Forgotten() implements Unnamed {}
    }

    sealed interface Twice {
        @EventType("Same")
        record First() implements Twice {}

        @EventType("Same")
        record Second() implements Twice {}
    }

    sealed interface Open {
        non-sealed class Anything implements Open {}
    }

    sealed interface Shape {
        record Circle() implements Shape {}
    }

    record Wrapped(Map<String, List<Shape>> shapes) {}

    @EventType("Drawn")
    record Drawn(Wrapped wrapped) {}

    @EventType("")
    record Blank() {}

    @EventType(value = "Zeroth", version = 0)
    record Zeroth() {}

    @EventType("QuietHoursSet")
    record QuietHoursSet(ZoneId zone) {}

    @EventType("Tagged")
    record BadTag(@EventTag("a:b") String tag) {}

    @Test
    void records_at_any_depth_are_events() {
        JsonCodec<Nested> codec = JsonCodec.of(Nested.class);
        assertThat(codec.types()).containsExactly("Outer", "Inner");
        assertThat(codec.encode(new Nested.Deeper.Inner(3)).data().text()).isEqualTo("{\"value\":3}");
        assertThat(codec.encode(new Nested.Outer()).data().text()).isEqualTo("{}");
    }

    @Test
    void a_record_without_a_type_is_named_with_what_to_write() {
        assertRefused(Unnamed.class, "Unnamed$Forgotten has no event type; write @EventType(\"Forgotten\") on it");
    }

    @Test
    void two_records_of_one_type_are_refused() {
        assertRefused(Twice.class, "have the event type 'Same'");
    }

    @Test
    void what_is_not_a_record_is_refused() {
        assertRefused(Open.class, "Open$Anything is neither a record nor a sealed interface");
        assertRefused(Object.class, "java.lang.Object is neither");
    }

    @Test
    void a_sealed_component_that_could_not_be_read_back_is_refused_however_deep() {
        assertRefused(Drawn.class, "Shape, which could not be read back; write Jackson's @JsonTypeInfo");
    }

    @Test
    void an_unusable_name_version_or_tag_is_refused() {
        assertRefused(Blank.class, "Blank: an event type has a name and a version from 1");
        assertRefused(Zeroth.class, "'Zeroth' and 0");
        assertRefused(BadTag.class, "a tag's key has no ':'");
    }

    @Test
    void an_upcaster_of_no_event_is_refused() {
        assertThatThrownBy(() -> JsonCodec.builder(Nested.class)
                        .upcaster("Other", 1, tree -> tree)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'Other' from version 1 has no event type; the types are [Inner, Outer]");
    }

    private static void assertRefused(Class<?> events, String message) {
        assertThatThrownBy(() -> JsonCodec.of(events))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_sealed_type_of_the_jdk_is_written_and_read_back() {
        JsonCodec<QuietHoursSet> codec = JsonCodec.of(QuietHoursSet.class);
        QuietHoursSet event = new QuietHoursSet(ZoneId.of("Europe/Amsterdam"));
        EncodedEvent encoded = codec.encode(event);

        assertThat(encoded.data().text()).isEqualTo("{\"zone\":\"Europe/Amsterdam\"}");
        Event stored = Event.of(encoded.type(), encoded.data());
        assertThat(codec.decode(new RecordedEvent(1, StreamId.of("reader-1"), 1, Instant.EPOCH, stored)))
                .isEqualTo(event);
    }
}
