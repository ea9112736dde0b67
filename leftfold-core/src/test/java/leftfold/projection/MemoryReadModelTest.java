// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import leftfold.memory.MemoryEventStore;
import leftfold.projection.Loan.Lent;
import leftfold.projection.Loan.Lost;
import leftfold.projection.Loan.Returned;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Metadata;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import leftfold.subscription.Backoff;
import leftfold.subscription.Follower;
import leftfold.subscription.FollowerSettings;
import leftfold.subscription.TextCodec;
import leftfold.subscription.TypedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** One declaration in memory, inline and asynchronously. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MemoryReadModelTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final TextCodec<Loan> codec = Loan.codec();
    private final MemoryEventStore store = new MemoryEventStore();

    @AfterEach
    void end() {
        store.close();
    }

    @Test
    void an_inline_model_has_an_append_before_it_returns() {
        append(store, new Lent("emma", "ann"));
        MemoryReadModel<Integer> readers = MemoryReadModel.of(byReader(FailurePolicy.STOP));
        EventStore inline = InlineStore.over(store, readers);
        assertThat(readers.get("ann")).contains(1);
        long last = append(inline, new Lent("emma", "ann"));
        assertThat(readers.all()).containsExactly(entry("ann", 2));
        assertThat(readers.position()).isEqualTo(last);
        append(inline, new Returned("emma"));
        assertThat(readers.position()).as("nothing of it").isEqualTo(last + 1);
    }

    @Test
    void writers_at_once_each_read_their_own_write() throws Exception {
        MemoryReadModel<Integer> readers = MemoryReadModel.of(byReader(FailurePolicy.STOP));
        EventStore inline = InlineStore.over(store, readers);
        List<Callable<Integer>> writers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String reader = "reader" + i;
            writers.add(() -> {
                StreamId stream = StreamId.of("book", reader);
                for (int n = 0; n < 20; n++) {
                    inline.append(stream, n, List.of(codec.event(new Lent("emma", reader))));
                    if (readers.get(reader).orElse(0) != n + 1) {
                        return n;
                    }
                }
                return 20;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> done : threads.invokeAll(writers)) {
                assertThat(done.get()).isEqualTo(20);
            }
        }
    }

    @Test
    void an_append_whose_event_fails_inline_is_done_and_the_model_says_why_it_stopped() {
        MemoryReadModel<Integer> readers = MemoryReadModel.of(byReader(FailurePolicy.STOP));
        EventStore inline = InlineStore.over(store, readers);
        append(inline, new Lent("emma", "ann"));
        long failed = append(inline, new Lent("emma", "poison"));
        append(inline, new Lent("emma", "ann"));
        assertThat(store.head()).isEqualTo(3);
        assertThat(readers.failure()).hasValueSatisfying(failure -> {
            assertThat(failure.event().position()).isEqualTo(failed);
            assertThat(failure).hasMessageContaining("poison");
        });
        assertThat(readers.position()).isEqualTo(failed - 1);
        assertThat(readers.all()).containsExactly(entry("ann", 1));
    }

    @Test
    void an_event_that_fails_is_parked_by_declaration_inline_and_followed() throws Exception {
        append(store, new Lent("emma", "ann"));
        append(store, new Lent("emma", "poison"));
        append(store, new Lent("emma", "ann"));
        MemoryReadModel<Integer> inline = MemoryReadModel.of(byReader(FailurePolicy.PARK));
        InlineStore.over(store, inline);
        MemoryReadModel<Integer> followed = MemoryReadModel.of(byReader(FailurePolicy.PARK));
        try (Follower follower =
                followed.follow(store, FollowerSettings.standard().withBackoff(Backoff.none()))) {
            assertThat(follower.await(3, LONG)).isTrue();
        }
        for (MemoryReadModel<Integer> model : List.of(inline, followed)) {
            assertThat(model.all()).containsExactly(entry("ann", 2));
            assertThat(model.parked()).hasSize(1);
        }
    }

    @Test
    void a_handler_that_fails_halfway_leaves_nothing_behind() throws Exception {
        Projection<Documents<Integer>> halfway = Projection.<Loan, Documents<Integer>>declare("halfway", 1, codec)
                .on(Lent.class, (documents, lent) -> {
                    documents.put("first", 1);
                    throw new IllegalStateException("halfway");
                })
                .build();
        append(store, new Lent("emma", "ann"));
        MemoryReadModel<Integer> model = MemoryReadModel.of(halfway);
        try (Follower follower = model.follow(store, FollowerSettings.standard().withBackoff(Backoff.none()))) {
            assertThat(follower.await(1, LONG)).isFalse();
        }
        assertThat(model.all()).isEmpty();
    }

    @Test
    void documents_are_deleted_and_renamed() {
        Projection<Documents<String>> shelf = Projection.<Loan, String>documents("shelf", 1, codec)
                .on(
                        Lent.class,
                        lent -> lent.event().book(),
                        (reader, lent) -> lent.event().reader())
                .onRename(
                        Returned.class,
                        returned -> returned.event().book(),
                        returned -> "returned " + returned.event().book(),
                        (reader, returned) -> reader)
                .onDelete(Lost.class, lost -> lost.event().book())
                .build();
        append(store, new Lent("emma", "ann"));
        append(store, new Lent("dune", "bob"));
        append(store, new Lent("faust", "cid"));
        append(store, new Returned("emma"));
        append(store, new Lost("dune"));
        append(store, new Returned("unknown"));
        assertThat(Live.of(store, shelf).now().all())
                .containsExactly(entry("faust", "cid"), entry("returned emma", "ann"));
    }

    @Test
    void documents_gather_events_by_stream_tag_and_correlation() {
        Event lent = codec.event(new Lent("emma", "ann"))
                .withTags(Set.of(Tag.of("branch", "north"), Tag.of("branch", "south")))
                .withMetadata(Metadata.none().withCorrelationId("visit-1"));
        store.append(StreamId.of("book-1"), 0, List.of(lent));
        store.append(StreamId.of("book-2"), 0, List.of(codec.event(new Lent("dune", "ann"))));
        assertThat(counted(Keys.tag("branch"))).isEqualTo(Map.of("north", 1, "south", 1));
        assertThat(counted(Keys.correlation())).isEqualTo(Map.of("visit-1", 1));
        assertThat(counted(Keys.stream())).isEqualTo(Map.of("book-1", 1, "book-2", 1));
    }

    @Test
    void the_fingerprint_changes_with_the_declaration_and_not_with_the_order_in_which_it_is_written() {
        String one = byReader(FailurePolicy.STOP).fingerprint();
        assertThat(byReader(FailurePolicy.PARK).fingerprint()).isEqualTo(one);
        Projection<List<String>> lentLost = Projection.<Loan, List<String>>declare("p", 1, codec)
                .on(Lent.class, (model, event) -> {})
                .on(Lost.class, (model, event) -> {})
                .build();
        Projection<List<String>> lostLent = Projection.<Loan, List<String>>declare("p", 1, codec)
                .on(Lost.class, (model, event) -> {})
                .on(Lent.class, (model, event) -> {})
                .build();
        Projection<List<String>> after = Projection.<Loan, List<String>>declare("p", 1, codec)
                .on(Lost.class, (model, event) -> {})
                .on(Lent.class, (model, event) -> {})
                .after("other")
                .build();
        assertThat(lostLent.fingerprint()).isEqualTo(lentLost.fingerprint()).isNotEqualTo(one);
        assertThat(after.fingerprint()).isNotEqualTo(lentLost.fingerprint());
    }

    @Test
    void a_read_that_is_not_fresh_enough_is_refused_or_falls_back() {
        Freshness fresh = Freshness.within(Duration.ofSeconds(2));
        AtomicLong behind = new AtomicLong(2_000);
        assertThat(fresh.<String>read(() -> Duration.ofMillis(behind.get()), () -> "answer"))
                .isEqualTo("answer");
        behind.set(2_001);
        assertThat(fresh.<String>read(() -> Duration.ofMillis(behind.get()), () -> "answer", () -> "fallback"))
                .isEqualTo("fallback");
        assertThatThrownBy(() -> fresh.<String>read(() -> Duration.ofMillis(behind.get()), () -> {
                    throw new AssertionError("asked all the same");
                }))
                .isInstanceOfSatisfying(
                        StaleReadException.class,
                        stale -> assertThat(stale.lag()).isEqualTo(Duration.ofMillis(2_001)))
                .hasMessageContaining("2001 ms behind, more than the 2000 ms");
    }

    private Map<String, Integer> counted(Function<TypedEvent<Lent>, List<String>> keys) {
        Projection<Documents<Integer>> projection = Projection.<Loan, Integer>documents("counted", 1, codec)
                .onEach(Lent.class, keys, (count, lent) -> count == null ? 1 : count + 1)
                .build();
        return Live.of(store, projection).now().all();
    }

    private Projection<Documents<Integer>> byReader(FailurePolicy policy) {
        return Projection.<Loan, Integer>documents("readers", 1, codec)
                .on(Lent.class, lent -> lent.event().reader(), (count, lent) -> {
                    if (lent.event().reader().equals("poison")) {
                        throw new IllegalStateException("poison");
                    }
                    return count == null ? 1 : count + 1;
                })
                .onFailure(policy)
                .build();
    }

    private long append(EventStore to, Loan loan) {
        StreamId stream = StreamId.of("book-1");
        return to.append(stream, to.streamVersion(stream), List.of(codec.event(loan)))
                .position();
    }
}
