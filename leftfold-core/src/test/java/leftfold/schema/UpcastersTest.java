// SPDX-License-Identifier: Apache-2.0
package leftfold.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import leftfold.schema.Upcasters.Step;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class UpcastersTest {
    private final Upcasters<String> upcasters =
            new Upcasters<>(Map.of("Scored", 4, "Read", 3), List.of(step(3), step(2)));

    @Test
    void an_old_event_goes_through_each_step_up_to_the_current_version() {
        assertThat(upcasters.upcast(recorded("Scored", 2), "v")).isEqualTo("v23");
        assertThat(upcasters.upcast(recorded("Scored", 3), "v")).isEqualTo("v3");
        assertThat(upcasters.upcast(recorded("Scored", 4), "v")).isEqualTo("v");
    }

    @Test
    void a_type_without_steps_is_read_as_it_stands() {
        assertThat(upcasters.upcast(recorded("Read", 1), "v")).isEqualTo("v");
        assertThat(upcasters.needsUpcast(recorded("Read", 1))).isFalse();
        assertThat(upcasters.needsUpcast(recorded("Scored", 3))).isTrue();
        assertThat(upcasters.needsUpcast(recorded("Scored", 4))).isFalse();
    }

    @Test
    void an_event_older_than_the_first_step_is_refused() {
        assertSchemaError(recorded("Scored", 1), "no upcaster takes this version; declare one from 1");
    }

    @Test
    void an_event_of_newer_code_is_refused() {
        assertSchemaError(recorded("Scored", 5), "written by newer code: this program knows versions up to 4; deploy");
        assertSchemaError(recorded("Read", 4), "written by newer code: this program knows versions up to 3; deploy");
    }

    @Test
    void an_unknown_type_is_refused() {
        assertSchemaError(recorded("Lost", 1), "no such type in this program");
    }

    @Test
    void a_step_that_fails_is_named() {
        Upcasters<String> failing = new Upcasters<>(Map.of("Scored", 2), List.of(new Step<>("Scored", 1, tree -> {
            throw new IllegalStateException("no percent\nthere");
        })));
        assertThatThrownBy(() -> failing.upcast(recorded("Scored", 1), "v"))
                .isInstanceOf(SchemaException.class)
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasMessage("event Scored@1 in stream article-7 at version 3 (position 12): its upcaster from"
                        + " version 1 failed: java.lang.IllegalStateException: no percent there");
    }

    @Test
    void steps_that_make_no_chain_are_refused() {
        assertRefused("have a gap: none from version 2", List.of(step(1), step(3)));
        assertRefused("have a gap: none from version 3", List.of(step(2)));
        assertRefused("from version 4 leads beyond the current version 4", List.of(step(4)));
        assertRefused("from version 0 starts too low", List.of(step(0)));
        assertRefused("from version 3 is declared twice", List.of(step(3), step(3)));
        assertRefused("'Lost' from version 1 has no event type", List.of(new Step<>("Lost", 1, tree -> tree)));
    }

    private static void assertRefused(String message, List<Step<String>> steps) {
        assertThatThrownBy(() -> new Upcasters<>(Map.of("Scored", 4), steps))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private void assertSchemaError(RecordedEvent recorded, String message) {
        assertThatThrownBy(() -> upcasters.upcast(recorded, "v"))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining(message);
    }

    private static Step<String> step(int fromVersion) {
        return new Step<>("Scored", fromVersion, tree -> tree + fromVersion);
    }

    private static RecordedEvent recorded(String type, int schemaVersion) {
        Event event = new Event(new UUID(0, 1), type, schemaVersion, Data.json("{}"), Metadata.none(), Set.of());
        return new RecordedEvent(12, StreamId.of("article-7"), 3, Instant.EPOCH, event);
    }
}
