// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DocumentCacheTest {
    @Test
    void what_was_not_used_for_the_longest_time_is_forgotten_and_then_not_taken_for_absent() {
        DocumentCache<String> cache = new DocumentCache<>(200);
        cache.clear(true);
        assertThat(cache.find("absent")).isNotNull();
        cache.clear(true);
        cache.add("a", "first", 5);
        cache.add("b", "second", 6);
        assertThat(cache.find("a")).isNotNull();
        cache.trim();
        assertThat(cache.isComplete()).isTrue();
        cache.add("c", "third", 5);
        cache.trim();
        assertThat(cache.isComplete()).isFalse();
        assertThat(cache.find("b")).isNull();
        assertThat(cache.find("a")).isNotNull();
    }

    @Test
    void a_table_that_was_not_empty_is_asked() {
        DocumentCache<String> cache = new DocumentCache<>(200);
        cache.clear(false);
        assertThat(cache.find("a")).isNull();
        cache.add("a", null, 0);
        assertThat(cache.find("a")).isNotNull();
    }
}
