// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.AppendCondition.NothingSince;
import leftfold.store.AppendCondition.StreamAt;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import leftfold.store.Tag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 10,000 races of eight writers each: 1,000 of a kind through one store, whose groups then hold several writers of one
 * race, and 1,000 through four stores, each with connections of its own, as if in processes of their own.
 */
@org.junit.jupiter.api.Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES) // what would fail often hangs instead
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class RaceTest {
    private static final int RACES = 1_000;
    private static final int AT_ONCE = 50;
    private static final int WRITERS = 8;

    private final List<HikariDataSource> pools = new ArrayList<>(List.of(TestServer.newSchema()));
    private final List<PostgresEventStore> stores = new ArrayList<>();
    private volatile long head;

    @BeforeEach
    void open_four_stores() {
        String schema = pools.getFirst().getSchema();
        while (stores.size() < 4) {
            stores.add(PostgresEventStore.open(pools.getLast()));
            pools.add(TestServer.pool(schema));
        }
    }

    @AfterEach
    void close_them() {
        stores.forEach(PostgresEventStore::close);
        pools.forEach(HikariDataSource::close);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void one_writer_wins_a_version(int through) throws Exception {
        assertOneWins(race(through, (race, writer) -> {
            StreamId stream = StreamId.of("version", String.valueOf(race % AT_ONCE));
            return append(stream, event("Reserved"), new StreamAt(stream, race / AT_ONCE));
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void one_writer_wins_a_tag(int through) throws Exception {
        assertOneWins(race(through, (race, writer) -> {
            Tag seat = Tag.of("seat", String.valueOf(race));
            return append(stream(race, writer), event("Reserved", seat), new NothingSince(Query.tags(seat), 0));
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void one_writer_wins_a_type(int through) throws Exception {
        assertOneWins(race(through, (race, writer) -> {
            String type = "Opened" + race % AT_ONCE;
            return append(stream(race, writer), event(type), new NothingSince(Query.types(type, "Shut"), head));
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void one_writer_wins_what_a_category_a_type_and_two_tags_say_together(int through) throws Exception {
        assertOneWins(race(through, (race, writer) -> {
            Tag seat = Tag.of("seat", String.valueOf(race % AT_ONCE));
            Tag day = Tag.of("day", String.valueOf(race / AT_ONCE));
            Query.Item taken = new Query.Item(null, "race", Set.of("Reserved"), Set.of(seat, day));
            return append(stream(race, writer), event("Reserved", seat, day), new NothingSince(Query.of(taken), 0));
        }));
    }

    /** Who writes the type looks for the tag, and who writes the tag for the type: only one kind may find none. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void of_writers_of_a_type_and_writers_of_a_tag_that_look_for_each_other_one_side_wins(int through)
            throws Exception {
        Map<Integer, List<Integer>> winners = race(through, (race, writer) -> {
            Tag closed = Tag.of("closed", String.valueOf(race));
            String type = "Booked" + race;
            return writer % 2 == 0
                    ? append(stream(race, writer), event(type), new NothingSince(Query.tags(closed), 0))
                    : append(stream(race, writer), event("Closed", closed), new NothingSince(Query.types(type), 0));
        });

        assertThat(winners).hasSize(RACES);
        assertThat(winners.values())
                .allSatisfy(writers ->
                        assertThat(writers.stream().map(one -> one % 2)).containsOnly(writers.getFirst() % 2));
    }

    private static void assertOneWins(Map<Integer, List<Integer>> winners) {
        assertThat(winners).hasSize(RACES);
        assertThat(winners.values()).allSatisfy(writers -> assertThat(writers).hasSize(1));
    }

    /** Returns who won each race, after making sure that the log holds what the winners wrote and nothing else. */
    private Map<Integer, List<Integer>> race(int through, BiFunction<Integer, Integer, Append> entry)
            throws InterruptedException {
        Map<Integer, List<Integer>> winners = new TreeMap<>();
        CyclicBarrier start =
                new CyclicBarrier(WRITERS, () -> head = stores.getFirst().head());
        List<List<Integer>> won = new Crowd<List<Integer>>()
                .add(WRITERS, writer -> () -> run(writer, stores.get(writer % through), start, entry))
                .join();
        for (int writer = 0; writer < WRITERS; writer++) {
            for (int race : won.get(writer)) {
                winners.computeIfAbsent(race, one -> new ArrayList<>()).add(writer);
            }
        }
        long wins = winners.values().stream().mapToInt(List::size).sum();
        assertThat(stores.getLast().head()).isEqualTo(wins);
        return winners;
    }

    /** Returns the races that the writer won. Some are under way at once, in an order of its own. */
    private static List<Integer> run(
            int writer, PostgresEventStore store, CyclicBarrier start, BiFunction<Integer, Integer, Append> entry)
            throws Exception {
        Random random = new Random(writer);
        List<Integer> won = new ArrayList<>();
        for (int first = 0; first < RACES; first += AT_ONCE) {
            List<Integer> races = new ArrayList<>();
            for (int race = first; race < first + AT_ONCE; race++) {
                races.add(race);
            }
            Collections.shuffle(races, random);
            start.await();
            List<Append> appends =
                    races.stream().map(race -> entry.apply(race, writer)).toList();
            List<CompletableFuture<AppendResult>> results =
                    appends.stream().map(store::appendAsync).toList();
            for (int i = 0; i < AT_ONCE; i++) {
                if (wins(appends.get(i), results.get(i))) {
                    won.add(races.get(i));
                }
            }
        }
        return won;
    }

    private static boolean wins(Append append, CompletableFuture<AppendResult> result) {
        try {
            return !result.join().repeated();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof StoreException.Conflict conflict)) {
                throw e;
            }
            assertThat(conflict.condition()).isEqualTo(append.conditions().getFirst());
            assertThat(conflict.found()).isGreaterThan(conflict.expected());
            return false;
        }
    }

    private static StreamId stream(int race, int writer) {
        return StreamId.of("race", race + "-" + writer);
    }

    private static Event event(String type, Tag... tags) {
        return Event.of(type, Data.json("{}")).withTags(Set.of(tags));
    }

    private static Append append(StreamId stream, Event event, AppendCondition condition) {
        return new Append(List.of(new StreamWrite(stream, List.of(event))), List.of(condition));
    }
}
