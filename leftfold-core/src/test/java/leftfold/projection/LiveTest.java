// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import leftfold.memory.MemoryEventStore;
import leftfold.projection.Loan.Lent;
import leftfold.projection.Loan.Lost;
import leftfold.projection.Loan.Returned;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.StreamId;
import leftfold.subscription.TextCodec;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LiveTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final MemoryEventStore store = new MemoryEventStore(now::get);
    private final TextCodec<Loan> codec = Loan.codec();
    private final Projection<Documents<String>> holders = Projection.<Loan, String>documents("holders", 1, codec)
            .on(
                    Lent.class,
                    lent -> lent.event().book(),
                    (holder, lent) -> lent.event().reader())
            .on(Returned.class, back -> back.event().book(), (holder, back) -> null)
            .build();

    @Test
    void documents_are_folds_of_the_events_at_their_keys() {
        append(new Lent("emma", "ann"), new Lent("ulysses", "bob"), new Returned("emma"), new Lent("dune", "ann"));
        assertThat(Live.of(store, holders).now().all()).containsExactly(entry("dune", "ann"), entry("ulysses", "bob"));
    }

    @Test
    void the_fold_at_a_position_includes_its_event() {
        append(new Lent("emma", "ann"), new Returned("emma"));
        Live<MemoryDocuments<String>> live = Live.of(store, holders);
        assertThat(live.at(0).all()).isEmpty();
        assertThat(live.at(1).all()).containsExactly(entry("emma", "ann"));
        assertThat(live.at(2).all()).isEmpty();
    }

    @Test
    void the_fold_as_of_an_instant_is_what_was_recorded_by_then() {
        append(new Lent("emma", "ann"));
        now.set(NOON.plusSeconds(60));
        append(new Lent("emma", "bob"));
        Live<MemoryDocuments<String>> live = Live.of(store, holders);
        assertThat(live.asOf(NOON.minusMillis(1)).all()).isEmpty();
        assertThat(live.asOf(NOON.plusSeconds(59)).all()).containsExactly(entry("emma", "ann"));
        assertThat(live.asOf(NOON.plusSeconds(60)).all()).containsExactly(entry("emma", "bob"));
    }

    @Test
    void any_fold_over_recorded_events_will_do() {
        append(new Lent("emma", "ann"), new Lent("dune", "ann"), new Lost("emma"));
        Live<Integer> count = Live.of(store, Query.types("Lent"), 0, (sum, event) -> sum + 1);
        assertThat(count.now()).isEqualTo(2);
        assertThat(count.at(1)).isEqualTo(1);
    }

    @Test
    void asking_twice_gives_the_same() {
        append(new Lent("emma", "ann"));
        Live<MemoryDocuments<String>> live = Live.of(store, holders);
        assertThat(live.now().all()).isEqualTo(live.now().all());
    }

    @Test
    void one_event_may_belong_to_many_documents_or_none() {
        Projection<Documents<Integer>> letters = Projection.<Loan, Integer>documents("letters", 1, codec)
                .onEach(
                        Lent.class,
                        lent -> List.of(lent.event().reader().split("")),
                        (count, lent) -> count == null ? 1 : count + 1)
                .onEach(Lost.class, lost -> List.of(), (count, lost) -> 99)
                .build();
        append(new Lent("emma", "ann"), new Lost("emma"));
        assertThat(Live.of(store, letters).now().all()).containsExactly(entry("a", 1), entry("n", 2));
    }

    @Test
    void handlers_see_what_the_log_says_of_the_event() {
        Projection<Documents<Instant>> times = Projection.<Loan, Instant>documents("times", 1, codec)
                .on(Lent.class, lent -> lent.stream().value(), (time, lent) -> lent.recordedAt())
                .build();
        append(new Lent("emma", "ann"));
        assertThat(Live.of(store, times).now().all()).containsExactly(entry("book-emma", NOON));
    }

    @Test
    void a_failing_handler_names_projection_position_and_event() {
        Projection<Documents<String>> failing = Projection.<Loan, String>documents("failing", 3, codec)
                .on(Lost.class, lost -> lost.event().book(), (holder, lost) -> {
                    throw new IllegalArgumentException("lost books are not expected");
                })
                .build();
        append(new Lent("emma", "ann"), new Lost("emma"));
        assertThatThrownBy(() -> Live.of(store, failing).now())
                .isInstanceOf(ProjectionException.class)
                .hasMessageContainingAll("failing-v3", "position 2", "Lost", "lost books are not expected");
    }

    @Test
    void events_that_the_codec_does_not_know_are_passed_over() {
        Projection<Documents<String>> everywhere = Projection.<Loan, String>documents("everywhere", 1, codec)
                .on(
                        Lent.class,
                        lent -> lent.event().book(),
                        (holder, lent) -> lent.event().reader())
                .where(Query.all())
                .build();
        store.append(StreamId.of("other-1"), 0, List.of(Event.of("Unheard", Data.json("{}"))));
        append(new Lent("emma", "ann"));
        assertThat(Live.of(store, everywhere).now().all()).containsExactly(entry("emma", "ann"));
    }

    private void append(Loan... loans) {
        for (Loan loan : loans) {
            StreamId stream = StreamId.of("book", loan.toString().replaceAll(".*book=(\\w+).*", "$1"));
            store.append(stream, store.streamVersion(stream), List.of(codec.event(loan)));
        }
    }
}
