// SPDX-License-Identifier: Apache-2.0
package leftfold.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import leftfold.schema.EventType;
import leftfold.schema.SchemaException;
import leftfold.store.Data;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JsonEvolutionTest {
    /** The events of today's program. */
    sealed interface ArticleEvent {
        /** A model scored an article; once this was percent, then a fraction, then it gained model and topics. */
        @EventType(value = "ArticleScored", version = 4)
        record Scored(BigDecimal score, Model model, List<String> topics) implements ArticleEvent {}

        /** An event whose changes were additive so far. */
        @EventType(value = "ArticleRead", version = 3)
        record Read(String reader, int seconds, @Nullable String device) implements ArticleEvent {}
    }

    /** Which model. */
    record Model(String name, int version) {}

    private final JsonCodec<ArticleEvent> codec = JsonCodec.builder(ArticleEvent.class)
            .upcaster("ArticleScored", 3, tree -> {
                String[] model = tree.remove("modelName").asString().split("@", 2);
                tree.putObject("model").put("name", model[0]).put("version", Integer.parseInt(model[1]));
                return tree;
            })
            .upcaster("ArticleScored", 1, tree -> {
                BigDecimal percent = tree.remove("percent").decimalValue();
                return tree.put("score", percent.movePointLeft(2));
            })
            .upcaster("ArticleScored", 2, tree -> {
                tree.putArray("topics");
                return tree.put("modelName", "unknown@0");
            })
            .build();

    @Test
    void every_version_ever_stored_is_read_as_the_current_one() {
        ArticleEvent unknown = new ArticleEvent.Scored(new BigDecimal("0.8750"), new Model("unknown", 0), List.of());
        ArticleEvent known = new ArticleEvent.Scored(new BigDecimal("0.8750"), new Model("rank", 7), List.of("ecb"));
        assertThat(decode("ArticleScored", 1, "{\"percent\":87.50}")).isEqualTo(unknown);
        assertThat(decode("ArticleScored", 2, "{\"score\":0.8750}")).isEqualTo(unknown);
        assertThat(decode("ArticleScored", 3, "{\"score\":0.8750,\"modelName\":\"rank@7\",\"topics\":[\"ecb\"]}"))
                .isEqualTo(known);
        assertThat(decode(
                        "ArticleScored",
                        4,
                        "{\"score\":0.8750,\"model\":{\"name\":\"rank\",\"version\":7},\"topics\":[\"ecb\"]}"))
                .isEqualTo(known);
    }

    @Test
    void what_is_written_now_has_the_current_version_and_reads_back() {
        ArticleEvent event = new ArticleEvent.Scored(BigDecimal.ONE, new Model("rank", 8), List.of());
        assertThat(codec.encode(event).schemaVersion()).isEqualTo(4);
        assertThat(decode("ArticleScored", 4, codec.encode(event).data().text()))
                .isEqualTo(event);
    }

    @Test
    void old_data_that_an_upcaster_cannot_take_is_refused() {
        assertThatThrownBy(() -> decode("ArticleScored", 3, "{\"score\":1,\"modelName\":\"rank\"}"))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("ArticleScored@3 in stream article-7 at version 3")
                .hasMessageContaining("upcaster from version 3 failed");
        assertThatThrownBy(() -> decode("ArticleScored", 2, "[]"))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("not a JSON object");
        assertThatThrownBy(() -> decode("ArticleScored", 2, "{} {}")).isInstanceOf(SchemaException.class);
    }

    @Test
    void upcasters_leave_numbers_alone() {
        assertThat(decode("ArticleScored", 2, "{\"score\":0.10000000000000000000000000001}"))
                .extracting(event -> ((ArticleEvent.Scored) event).score())
                .isEqualTo(new BigDecimal("0.10000000000000000000000000001"));
    }

    @Test
    void a_renamed_class_reads_what_its_earlier_name_wrote() {
        Data written = codec.encode(new ArticleEvent.Read("r1", 9, "phone")).data();
        assertThat(JsonCodec.of(Perused.class).decode(JsonCodecTest.recorded("ArticleRead", 3, written)))
                .isEqualTo(new Perused("r1", 9));
    }

    @Test
    void a_gap_in_a_chain_is_found_before_any_event_is_read() {
        assertThatThrownBy(() -> JsonCodec.builder(ArticleEvent.class)
                        .upcaster("ArticleScored", 1, tree -> tree)
                        .upcaster("ArticleScored", 3, tree -> tree)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'ArticleScored' have a gap: none from version 2");
    }

    @Test
    void additive_changes_need_no_upcaster() {
        assertThat(decode("ArticleRead", 1, "{\"reader\":\"r1\"}")).isEqualTo(new ArticleEvent.Read("r1", 0, null));
        assertThat(decode("ArticleRead", 2, "{\"reader\":\"r1\",\"seconds\":9}"))
                .isEqualTo(new ArticleEvent.Read("r1", 9, null));
        assertThat(decode("ArticleRead", 3, "{\"reader\":\"r1\",\"seconds\":9,\"device\":\"phone\"}"))
                .isEqualTo(new ArticleEvent.Read("r1", 9, "phone"));
    }

    private ArticleEvent decode(String type, int schemaVersion, String json) {
        return codec.decode(JsonCodecTest.recorded(type, schemaVersion, Data.json(json)));
    }

    /** {@link ArticleEvent.Read} under another name, in another place. */
    @EventType(value = "ArticleRead", version = 3)
    record Perused(String reader, int seconds) {}
}
