// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import leftfold.jackson.JsonCodec;
import leftfold.memory.MemoryEventStore;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventTag;
import leftfold.schema.EventType;
import leftfold.schema.SchemaException;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/03-schema.md. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class SchemaTest {

    // region additive
    @EventType(value = "CardBlocked", version = 2)
    record Blocked(String reason, @Nullable String actor) {
        Blocked {
            actor = Objects.requireNonNullElse(actor, "unknown");
        }
    }
    // endregion

    // region changed
    @EventType(value = "AmountRedeemed", version = 3)
    record Redeemed(String till, Money amount) {}

    record Money(long cents, String currency) {}

    private final JsonCodec<Redeemed> codec = JsonCodec.builder(Redeemed.class)
            .upcaster("AmountRedeemed", 1, tree -> tree.put("till", "unknown"))
            .upcaster("AmountRedeemed", 2, tree -> {
                long cents = tree.remove("cents").longValue();
                tree.putObject("amount").put("cents", cents).put("currency", "EUR");
                return tree;
            })
            .build();
    // endregion

    // region tagged
    @EventType("CardIssued")
    record Issued(
            @EventTag("customer") String customer,
            @EventTag("campaign") List<String> campaigns,
            long cents) {}
    // endregion

    private final MemoryEventStore store = new MemoryEventStore();

    @Test
    void an_added_component_gets_its_default_in_the_record() {
        assertThat(JsonCodec.of(Blocked.class).decode(recorded("CardBlocked", 1, "{\"reason\":\"lost\"}")))
                .isEqualTo(new Blocked("lost", "unknown"));
    }

    @Test
    void every_version_that_was_ever_stored_is_read_as_the_current_one() {
        Redeemed expected = new Redeemed("unknown", new Money(1_200, "EUR"));
        assertThat(codec.decode(recorded("AmountRedeemed", 1, "{\"cents\":1200}")))
                .isEqualTo(expected);
        assertThat(codec.decode(recorded("AmountRedeemed", 2, "{\"till\":\"unknown\",\"cents\":1200}")))
                .isEqualTo(expected);
        EncodedEvent encoded = codec.encode(expected);
        assertThat(encoded.schemaVersion()).isEqualTo(3);
        assertThat(codec.decode(recorded(encoded.type(), 3, encoded.data().text())))
                .isEqualTo(expected);
    }

    @Test
    void what_newer_code_wrote_is_refused_with_its_place() {
        assertThatThrownBy(() -> codec.decode(recorded("AmountRedeemed", 4, "{}")))
                .isInstanceOf(SchemaException.class)
                .hasMessage(
                        "event AmountRedeemed@4 in stream card-7F3A at version 1 (position 1): written by newer code:"
                                + " this program knows versions up to 3; deploy the version that wrote it");
    }

    @Test
    void tags_come_from_components_and_cut_across_streams() {
        Issued issued = new Issued("ada", List.of("spring", "vip"), 5_000);
        EncodedEvent encoded = JsonCodec.of(Issued.class).encode(issued);
        assertThat(encoded.tags())
                .containsExactly(Tag.of("customer", "ada"), Tag.of("campaign", "spring"), Tag.of("campaign", "vip"));

        store.append(
                StreamId.of("card-7F3A"),
                0,
                List.of(Event.of(encoded.type(), encoded.data()).withTags(encoded.tags())));
        List<RecordedEvent> found;
        // region bytag
        Query query = Query.tags(Tag.of("customer", "ada"), Tag.of("campaign", "vip"));
        try (Stream<RecordedEvent> events = store.read(query, 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            found = events.toList();
        }
        // endregion
        assertThat(found).extracting(RecordedEvent::stream).containsExactly(StreamId.of("card-7F3A"));
    }

    /** Returns an event as the log of an earlier program has it. */
    private RecordedEvent recorded(String type, int schemaVersion, String json) {
        Event event = Event.of(type, Data.json(json));
        return new RecordedEvent(
                1,
                StreamId.of("card-7F3A"),
                1,
                Instant.EPOCH,
                new Event(event.id(), type, schemaVersion, event.data(), Metadata.none(), event.tags()));
    }
}
