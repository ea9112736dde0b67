// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import leftfold.projection.Loan.Lent;
import leftfold.projection.Loan.Lost;
import leftfold.projection.Loan.Returned;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.subscription.TextCodec;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProjectionTest {
    private final TextCodec<Loan> codec = Loan.codec();

    @Test
    void the_query_has_the_types_that_have_handlers() {
        Projection<List<String>> projection = Projection.<Loan, List<String>>declare("p", 1, codec)
                .on(Lent.class, (model, event) -> {})
                .on(Lost.class, (model, event) -> {})
                .build();
        assertThat(projection.query()).isEqualTo(Query.types("Lent", "Lost"));
    }

    @Test
    void a_handler_for_a_sealed_family_is_for_all_its_types() {
        Projection<List<String>> projection = Projection.<Loan, List<String>>declare("p", 1, codec)
                .on(Loan.class, (model, event) -> {})
                .build();
        assertThat(projection.query()).isEqualTo(Query.types("Lent", "Returned", "Lost"));
    }

    @Test
    void of_several_handlers_that_fit_the_first_is_called() throws Exception {
        Projection<List<String>> projection = Projection.<Loan, List<String>>declare("p", 1, codec)
                .on(
                        Lent.class,
                        (model, event) -> model.add("lent " + event.event().book()))
                .on(Loan.class, (model, event) -> model.add("other"))
                .build();
        List<String> model = new ArrayList<>();
        projection.apply(recorded(new Lent("emma", "ann")), model);
        projection.apply(recorded(new Returned("emma")), model);
        assertThat(model).containsExactly("lent emma", "other");
    }

    @Test
    void a_projection_without_handlers_is_refused() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        Projection.<Loan, List<String>>declare("p", 1, codec).build())
                .withMessageContaining("p-v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Feed", "feed_x", "-feed", "feed-", "a--b", "1st", "feed-v2", "naïve"})
    void a_name_that_makes_no_good_table_is_refused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ProjectionId(name, 1));
    }

    @Test
    void a_name_has_at_most_40_characters() {
        assertThat(new ProjectionId("a".repeat(40), 1).name()).hasSize(40);
        assertThatIllegalArgumentException().isThrownBy(() -> new ProjectionId("a".repeat(41), 1));
    }

    @Test
    void a_version_counts_from_1() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ProjectionId("feed", 0));
    }

    private RecordedEvent recorded(Loan loan) {
        return new RecordedEvent(1, StreamId.of("book-1"), 1, Instant.EPOCH, codec.event(loan));
    }
}
