// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leftfold.projection.Documents;
import leftfold.projection.Keys;
import leftfold.projection.Projection;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventCodec;
import leftfold.store.Data;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProjectionFixtureTest {
    /** Somebody said a word. */
    private record Said(String word) {}

    private static final EventCodec<Said> CODEC = new EventCodec<>() {
        @Override
        public Set<String> types() {
            return Set.of("Said");
        }

        @Override
        public EncodedEvent encode(Said event) {
            return new EncodedEvent("Said", 1, Data.json(event.word()), Set.of());
        }

        @Override
        public Said decode(RecordedEvent recorded) {
            return new Said(recorded.data().text());
        }
    };

    private final Projection<Documents<Integer>> counts = Projection.<Said, Integer>documents("counts", 1, CODEC)
            .on(Said.class, said -> said.event().word(), (count, said) -> count == null ? 1 : count + 1)
            .build();

    @Test
    void given_events_the_read_model_is_that() {
        ProjectionFixture.of(counts, CODEC)
                .given("talk-1", new Said("yes"), new Said("no"))
                .given("talk-2", new Said("yes"))
                .then("yes", 2)
                .then("no", 1)
                .thenNothing("perhaps")
                .thenAll(Map.of("yes", 2, "no", 1))
                .thenTheSameInAnyOrder(1);
    }

    @Test
    void metadata_is_there_for_handlers() {
        Projection<Documents<Integer>> byVisit = Projection.<Said, Integer>documents("visits", 1, CODEC)
                .onEach(Said.class, Keys.correlation(), (count, said) -> count == null ? 1 : count + 1)
                .build();
        ProjectionFixture.of(byVisit, CODEC)
                .given("talk-1", Metadata.none().withCorrelationId("visit"), List.of(new Said("yes"), new Said("no")))
                .then("visit", 2);
    }

    @Test
    void each_check_fails_where_it_does_not_hold() {
        ProjectionFixture<Said, Integer> fixture =
                ProjectionFixture.of(counts, CODEC).given("talk-1", new Said("yes"));
        assertThatThrownBy(() -> fixture.then("yes", 2))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("document at yes");
        assertThatThrownBy(() -> fixture.then("no", 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> fixture.thenNothing("yes")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> fixture.thenAll(Map.of())).isInstanceOf(AssertionError.class);
    }

    @Test
    void a_projection_that_counts_on_the_order_across_streams_is_found() {
        Projection<Documents<String>> last = Projection.<Said, String>documents("last", 1, CODEC)
                .on(Said.class, said -> "all", (before, said) -> said.event().word())
                .build();
        ProjectionFixture<Said, String> fixture =
                ProjectionFixture.of(last, CODEC).given("talk-1", new Said("a")).given("talk-2", new Said("b"));
        assertThatThrownBy(() -> fixture.thenTheSameInAnyOrder(1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 1, round");
    }

    @Test
    void a_projection_that_changes_a_document_in_place_is_found() {
        Projection<Documents<Map<String, Integer>>> inPlace = Projection.<Said, Map<String, Integer>>documents(
                        "in-place", 1, CODEC)
                .on(Said.class, said -> "all", (before, said) -> {
                    Map<String, Integer> counted = before == null ? new HashMap<>() : before;
                    counted.merge(said.event().word(), 1, Integer::sum);
                    return counted;
                })
                .build();
        ProjectionFixture<Said, Map<String, Integer>> fixture =
                ProjectionFixture.of(inPlace, CODEC).given("talk-1", new Said("a"), new Said("a"), new Said("a"));
        assertThatThrownBy(() -> fixture.thenTheSameInAnyOrder(1)).isInstanceOf(AssertionError.class);
    }

    @Test
    void the_order_within_a_stream_is_kept() {
        Projection<Documents<String>> words = Projection.<Said, String>documents("words", 1, CODEC)
                .onEach(
                        Said.class,
                        Keys.stream(),
                        (before, said) ->
                                (before == null ? "" : before) + said.event().word())
                .build();
        assertThatCode(() -> ProjectionFixture.of(words, CODEC)
                        .given("talk-1", new Said("a"), new Said("b"))
                        .given("talk-2", new Said("c"), new Said("d"))
                        .then("talk-1", "ab")
                        .thenTheSameInAnyOrder(7))
                .doesNotThrowAnyException();
    }
}
