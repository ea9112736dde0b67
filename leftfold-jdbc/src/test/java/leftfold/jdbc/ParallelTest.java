// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static leftfold.jdbc.Workplace.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import leftfold.jdbc.Parcels.Change.Delivered;
import leftfold.jdbc.Parcels.Change.Stamped;
import leftfold.jdbc.Parcels.Change.Torn;
import leftfold.projection.Documents;
import leftfold.projection.FailurePolicy;
import leftfold.projection.Live;
import leftfold.projection.Projection;
import leftfold.subscription.Follower;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents folded by several threads, beside what one makes of the same events. */
class ParallelTest extends AtWorkplace {
    private static final int EVENTS = 300;
    private static final int[] THREADS = {1, 2, 7};

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void what_several_threads_fold_is_what_one_does(long seed) throws Exception {
        Parcels parcels = new Parcels(seed, 0);
        long half = parcels.append(here.store, EVENTS);
        for (int threads : THREADS) {
            try (Follower follower = run(threads, FailurePolicy.STOP)) {
                assertThat(follower.await(half, LONG)).isTrue();
            }
        }
        long last = parcels.append(here.store, EVENTS); // upon documents that are to be read first
        SortedMap<String, String> expected = Live.of(here.store, Parcels.projection("all", 1, FailurePolicy.STOP))
                .now()
                .all();
        for (int threads : THREADS) {
            assertThat(run(threads, FailurePolicy.STOP).await(last, LONG)).isTrue();
            assertThat(documents(threads)).as("%d threads", threads).isEqualTo(expected);
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void several_threads_stop_at_the_event_at_which_one_does(long seed) throws Exception {
        new Parcels(seed, 2).append(here.store, EVENTS);
        for (int threads : THREADS) {
            Follower follower = run(threads, FailurePolicy.STOP);
            assertThat(follower.await(EVENTS, LONG)).isFalse();
            Workplace.until(() -> status(threads).failure() != null);
            assertThat(status(threads).failure()).isEqualTo(status(1).failure());
            assertThat(status(threads).position()).isEqualTo(status(1).position());
            assertThat(documents(threads)).isEqualTo(documents(1));
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(longs = {21, 22})
    void several_threads_put_aside_the_events_that_one_does(long seed) throws Exception {
        new Parcels(seed, 1).append(here.store, EVENTS);
        for (int threads : THREADS) {
            assertThat(run(threads, FailurePolicy.PARK).await(EVENTS, LONG)).isTrue();
            assertThat(here.models().deadLetters(name(threads)))
                    .isNotEmpty()
                    .isEqualTo(here.models().deadLetters(name(1)));
            assertThat(documents(threads)).isEqualTo(documents(1));
        }
    }

    @Test
    void of_two_threads_that_fail_the_first_event_counts_and_what_lies_before_it_is_kept() throws Exception {
        Parcels.append(
                here.store,
                List.of(
                        new Stamped(List.of("a")),
                        new Stamped(List.of("b")),
                        new Stamped(List.of("b")),
                        new Torn(List.of("b")),
                        new Torn(List.of("a")),
                        new Delivered(List.of("c"))));
        Throwable failure = Workplace.failure(run(2, FailurePolicy.STOP));
        assertThat(failure).hasMessage("torn after 2 3");
        assertThat(documents(2)).isEqualTo(new TreeMap<>(Map.of("a", " 1", "b", " 2 3")));
    }

    @Test
    void a_document_that_cannot_be_written_down_stops_the_projection_at_its_event() throws Exception {
        Parcels.append(here.store, List.of(new Stamped(List.of("a")), new Stamped(List.of("b"))));
        DocumentCodec<String> picky = DocumentCodec.of(
                text -> {
                    if (text.equals(" 2")) {
                        throw new IllegalStateException("no ink for" + text);
                    }
                    return text;
                },
                text -> text);
        Follower follower =
                here.run(new DocumentProjection<>(Parcels.projection("picky", 2, FailurePolicy.STOP), picky));
        assertThat(Workplace.failure(follower)).hasMessage("no ink for 2");
        assertThat(follower.status().position()).isEqualTo(1);
    }

    @Test
    void documents_of_two_keys_are_folded_at_the_same_time() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        long last = Parcels.append(here.store, List.of(new Stamped(List.of("a")), new Stamped(List.of("b"))));
        Projection<Documents<String>> meeting = Projection.<Parcels.Change, String>documents(
                        "meeting", 1, Parcels.CODEC)
                .onEach(Stamped.class, stamped -> stamped.event().keys(), (text, stamped) -> met(both))
                .parallel(2)
                .build();
        assertThat(here.run(new DocumentProjection<>(meeting, Parcels.TEXT)).await(last, LONG))
                .isTrue();
    }

    @Test
    void a_rebuild_folds_with_several_threads_too() throws Exception {
        long last = new Parcels(31, 0).append(here.store, EVENTS);
        for (int threads : new int[] {1, 2}) {
            assertThat(run(threads, FailurePolicy.STOP).await(last, LONG)).isTrue();
        }
        here.execute("DELETE FROM " + name(2) + "_v1");
        assertThat(here.rebuild(projection(2, FailurePolicy.STOP)).await(LONG)).isTrue();
        assertThat(documents(name(2))).isEqualTo(documents(1)).isNotEmpty();
    }

    @Test
    void how_many_threads_there_are_is_no_change_of_the_declaration() throws Exception {
        long last = new Parcels(41, 0).append(here.store, 20);
        try (Follower one = here.door().run(here.store, named("same", 1))) {
            assertThat(one.await(last, LONG)).isTrue();
        }
        last = new Parcels(42, 0).append(here.store, 20);
        assertThat(here.run(named("same", 4)).await(last, LONG)).isTrue();
    }

    @Test
    void threads_end_with_their_projection() throws Exception {
        long last = new Parcels(51, 0).append(here.store, EVENTS);
        long before = foldThreads();
        try (Follower follower = run(3, FailurePolicy.STOP)) {
            assertThat(follower.await(last, LONG)).isTrue();
            assertThat(foldThreads()).isGreaterThan(before);
        }
        Workplace.until(() -> foldThreads() <= before);
    }

    @Test
    void a_number_of_threads_that_cannot_be_is_refused() {
        assertThatThrownBy(() -> Parcels.projection("none", 0, FailurePolicy.STOP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("documents are folded by 1 to 64 threads, not 0");
        assertThatThrownBy(() -> Parcels.projection("many", 65, FailurePolicy.STOP))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String met(CyclicBarrier both) {
        try {
            both.await(LONG.toSeconds(), TimeUnit.SECONDS);
            return "met";
        } catch (Exception e) {
            throw new IllegalStateException("nobody else is here", e);
        }
    }

    private static long foldThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("leftfold-fold-"))
                .count();
    }

    private Follower run(int threads, FailurePolicy policy) {
        return here.run(projection(threads, policy));
    }

    private static DocumentProjection<String> projection(int threads, FailurePolicy policy) {
        return new DocumentProjection<>(Parcels.projection(name(threads), threads, policy), Parcels.TEXT);
    }

    private static DocumentProjection<String> named(String name, int threads) {
        return new DocumentProjection<>(Parcels.projection(name, threads, FailurePolicy.STOP), Parcels.TEXT);
    }

    private static String name(int threads) {
        return "by" + threads;
    }

    private ProjectionStatus status(int threads) {
        return here.models().status(here.store).stream()
                .filter(status -> status.name().equals(name(threads)))
                .findFirst()
                .orElseThrow();
    }

    private SortedMap<String, String> documents(int threads) throws SQLException {
        return documents(name(threads) + "_v1");
    }

    private SortedMap<String, String> documents(String table) throws SQLException {
        SortedMap<String, String> documents = new TreeMap<>();
        try (Connection connection = here.database.getConnection()) {
            Sql.rows(
                    connection,
                    "SELECT key, document FROM " + table,
                    row -> documents.put(row.getString(1), row.getString(2)));
        }
        return documents;
    }
}
