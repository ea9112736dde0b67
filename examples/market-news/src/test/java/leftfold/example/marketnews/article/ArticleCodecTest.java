// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.article;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import leftfold.example.marketnews.article.ArticleEvent.ArticleScored;
import leftfold.schema.EncodedEvent;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ArticleCodecTest {
    private static final Instant AT = Instant.parse("2025-10-01T06:00:40Z");

    @Test
    void the_first_version_is_read_with_publisher_model_text_topics_text_and_percent() {
        String json = """
                {"article":"a1","publisher":"Northwire","model":"lexicon@1.2","topics":"energy,rates","score":73,\
                "at":"2025-10-01T06:00:40Z"}""";

        assertThat(read(1, json)).isEqualTo(general("lexicon", "1.2", 730, List.of("energy", "rates")));
    }

    @Test
    void the_second_version_is_read_with_source() {
        String json = """
                {"article":"a1","source":"Northwire","model":"lexicon@1.3","topics":"energy","score":5,\
                "at":"2025-10-01T06:00:40Z"}""";

        assertThat(read(2, json)).isEqualTo(general("lexicon", "1.3", 50, List.of("energy")));
    }

    @Test
    void the_third_version_is_read_with_model_and_topics_in_parts() {
        String json = """
                {"article":"a1","source":"Northwire","model":{"name":"relevance","version":"2.0"},\
                "topics":["energy","rates"],"score":100,"at":"2025-10-01T06:00:40Z"}""";

        assertThat(read(3, json)).isEqualTo(general("relevance", "2.0", 1000, List.of("energy", "rates")));
    }

    @Test
    void the_current_version_is_read_as_it_was_written() {
        Score score = new Score(
                new Model("relevance", "3.1"), 730, List.of("energy"), List.of(new Input("article-a1", 1, 2)));
        ArticleScored scored = new ArticleScored("a1", "Northwire", "ada", score, AT);

        EncodedEvent written = Article.CODEC.encode(scored);

        assertThat(written.schemaVersion()).isEqualTo(4);
        assertThat(written.data().text()).isEqualTo("""
                        {"article":"a1","source":"Northwire","audience":"ada","score":{"model":{"name":"relevance",\
                        "version":"3.1"},"permille":730,"topics":["energy"],"inputs":[{"stream":"article-a1","first":1,\
                        "last":2}]},"at":"2025-10-01T06:00:40Z"}""");
        assertThat(read(4, written.data().text())).isEqualTo(scored);
    }

    @Test
    void an_old_score_without_topics_has_none() {
        String json = """
                {"article":"a1","publisher":"Northwire","model":"lexicon@1.2","topics":"","score":0,\
                "at":"2025-10-01T06:00:40Z"}""";

        assertThat(read(1, json)).isEqualTo(general("lexicon", "1.2", 0, List.of()));
    }

    private static ArticleScored general(String model, String version, int permille, List<String> topics) {
        Score score = new Score(new Model(model, version), permille, topics, List.of());
        return new ArticleScored("a1", "Northwire", ArticleScored.EVERYONE, score, AT);
    }

    private static ArticleEvent read(int schemaVersion, String json) {
        Event event = new Event(
                UUID.randomUUID(), "ArticleScored", schemaVersion, Data.json(json), Metadata.none(), Set.of());
        return Article.CODEC.decode(new RecordedEvent(1, Article.stream("a1"), 1, AT, event));
    }
}
