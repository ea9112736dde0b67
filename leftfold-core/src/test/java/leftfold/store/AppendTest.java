// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class AppendTest {
    private static final StreamId STREAM = StreamId.of("thing-1");

    @Test
    void events_without_data_but_with_much_metadata_count_towards_the_limit() {
        String large = String.join("", Collections.nCopies(Limits.METADATA_BYTES_MAX - 4, "x"));
        Event event = Event.of("Happened", Data.json("{}"))
                .withMetadata(Metadata.none().withHeader("h", large));
        int fitting = (int) (Limits.APPEND_BYTES_MAX / Limits.METADATA_BYTES_MAX);

        assertThat(append(event, fitting).size()).isEqualTo(fitting);
        assertThatThrownBy(() -> append(event, fitting + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("metadata and tags");
    }

    private static Append append(Event event, int count) {
        List<Event> events = Stream.generate(() -> event.withId(UUID.randomUUID()))
                .limit(count)
                .toList();
        return new Append(List.of(new StreamWrite(STREAM, events)), List.of());
    }
}
