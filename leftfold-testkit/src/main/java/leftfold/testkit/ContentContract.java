// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static leftfold.testkit.SampleEvents.ORDER_1;
import static leftfold.testkit.SampleEvents.event;
import static leftfold.testkit.SampleEvents.facts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Limits;
import leftfold.store.Metadata;
import leftfold.store.Query;
import leftfold.store.Tag;
import org.junit.jupiter.api.Test;

/** The part of the contract that says that an event comes back as it went in. */
interface ContentContract extends StoreContract {
    /** Appends the events one by one, and asserts that they are read back the same way by every read. */
    default void assertKept(List<Event> events) {
        for (Event event : events) {
            append(ORDER_1, event);
        }
        assertThat(facts(log())).isEqualTo(events);
        assertThat(facts(readStream(ORDER_1))).isEqualTo(events);
        for (Event event : events) {
            assertThat(store().find(ORDER_1, event.id()).orElseThrow().event()).isEqualTo(event);
        }
    }

    @Test
    default void data_of_all_byte_values_is_kept() {
        byte[] bytes = new byte[512];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        assertKept(List.of(Event.of("Binary", Data.of(bytes, Data.BINARY)), Event.of("Other", Data.of(bytes, "x/y"))));

        assertThat(log().getFirst().data().bytes()).isEqualTo(bytes);
    }

    @Test
    default void empty_data_is_kept() {
        assertKept(List.of(Event.of("Empty", Data.of(new byte[0], Data.BINARY)), Event.of("Empty", Data.json(""))));
    }

    @Test
    default void data_of_any_size_is_kept() {
        List<Event> events = new ArrayList<>();
        for (int size : new int[] {1, 7, 8, 9, 127, 128, 255, 256, 4_095, 4_096, 4_097, 65_535, 65_536, 1_000_000}) {
            byte[] bytes = new byte[size];
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) (i * 31 + size);
            }
            events.add(Event.of("Sized", Data.of(bytes, Data.BINARY)));
        }
        assertKept(events);
    }

    @Test
    default void text_is_kept_as_its_bytes() {
        assertKept(List.of(
                Event.of("Text", Data.json("{\"b\":1,  \"a\":\"caf\u00e9 \ud83d\ude80\",\"b\":1.0}")),
                Event.of("NotJson", Data.json("{\n")),
                Event.of("NotUtf8", Data.of(new byte[] {(byte) 0xff, (byte) 0xfe, 0}, Data.JSON))));
    }

    @Test
    default void every_field_of_the_metadata_is_kept() {
        assertKept(List.of(
                event("None"),
                event("Causation").withMetadata(Metadata.none().withCausationId("c-1")),
                event("Correlation").withMetadata(Metadata.none().withCorrelationId("c-2")),
                event("Actor").withMetadata(Metadata.none().withActor("ann")),
                event("Producer").withMetadata(Metadata.none().withProducer("orders@1.2")),
                event("Header").withMetadata(Metadata.none().withHeader("a", "b")),
                event("Empty").withMetadata(new Metadata("", "", "", "", Map.of())),
                event("All")
                        .withMetadata(Metadata.none()
                                .withCausationId("c-3")
                                .withCorrelationId("c-4")
                                .withActor("bob")
                                .withProducer("orders@1.3")
                                .withHeader("x", "y"))));
    }

    @Test
    default void headers_keep_their_order() {
        Metadata metadata = Metadata.none();
        for (int i = 50; i > 0; i--) {
            metadata = metadata.withHeader("header" + i * 7 % 51, String.valueOf(i));
        }
        append(ORDER_1, event("Headed").withMetadata(metadata));

        assertThat(log()).hasSize(1);
        assertThat(log().getFirst().metadata().headers().keySet())
                .containsExactlyElementsOf(metadata.headers().keySet());
    }

    @Test
    default void the_most_tags_are_kept_in_their_order_and_one_more_is_refused() {
        Set<Tag> tags = new LinkedHashSet<>();
        for (int i = 0; i < Limits.TAGS_MAX; i++) {
            tags.add(Tag.of("key" + i * 37 % 11, "value" + (Limits.TAGS_MAX - i)));
        }
        Event event = event("Tagged").withTags(tags);
        append(ORDER_1, event);

        assertThat(facts(log())).containsExactly(event);
        assertThat(log().getFirst().tags()).containsExactlyElementsOf(tags);
        for (Tag tag : tags) {
            assertThat(facts(read(Query.tags(tag)))).containsExactly(event);
        }
        tags.add(Tag.of("one", "more"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> append(ORDER_1, event("Tagged").withTags(tags)));
    }

    @Test
    default void the_version_of_the_schema_is_kept() {
        List<Event> events = new ArrayList<>();
        for (int version : new int[] {1, 2, 127, 128, 65_536, Integer.MAX_VALUE}) {
            events.add(new Event(UUID.randomUUID(), "Old", version, Data.json("{}"), Metadata.none(), Set.of()));
        }
        assertKept(events);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Event(UUID.randomUUID(), "Old", 0, Data.json("{}"), Metadata.none(), Set.of()));
    }

    @Test
    default void what_a_caller_does_to_its_arrays_later_changes_nothing() {
        byte[] bytes = {1, 2, 3};
        Event event = Event.of("Array", Data.of(bytes, Data.BINARY));
        append(ORDER_1, event);
        bytes[0] = 9;
        assertThat(log()).hasSize(1);
        log().getFirst().data().bytes()[1] = 9;

        assertThat(log().getFirst().data().bytes()).containsExactly(1, 2, 3);
    }
}
