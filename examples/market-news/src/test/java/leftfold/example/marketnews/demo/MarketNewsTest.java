// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.Leftfold;
import leftfold.cli.Application;
import leftfold.cli.DemoRun;
import leftfold.cli.Main;
import leftfold.cli.StateFold;
import leftfold.cli.Terminal;
import leftfold.example.marketnews.RunningNewsroom;
import leftfold.example.marketnews.article.Article;
import leftfold.example.marketnews.onboarding.Onboarding;
import leftfold.example.marketnews.tradingday.TradingDay;
import leftfold.example.marketnews.traffic.Pause;
import leftfold.example.marketnews.traffic.Traffic;
import leftfold.memory.MemoryEventStore;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MarketNewsTest {
    private static final List<String> KINDS =
            List.of("run", "feed", "trending-topics", "source-reliability", "most-opened", "regulator");

    @TempDir
    private Path folder;

    /** What a demo printed, by kind. */
    private record Shown(Map<String, List<JsonNode>> byKind) {
        List<JsonNode> rows(String kind) {
            return byKind.getOrDefault(kind, List.of());
        }

        JsonNode run() {
            return rows("run").getFirst();
        }
    }

    @Test
    void a_second_run_on_the_same_store_continues_it() throws Exception {
        Shown first = demo();
        Shown second = demo();

        JsonNode run = second.run();
        long before = first.run().get("eventsInAll").longValue();
        assertThat(before).isGreaterThan(4_000);
        assertThat(run.get("eventsInRun").longValue()).isGreaterThan(3_000);
        assertThat(run.get("eventsInAll").longValue())
                .isEqualTo(before + run.get("eventsInRun").longValue());
        assertThat(first.run().get("days").toString()).isEqualTo("[\"2026-01-05\"]");
        assertThat(run.get("days").toString()).isEqualTo("[\"2026-01-06\"]");
        assertThat(second.rows("feed"))
                .isNotEmpty()
                .allMatch(row -> row.get("day").stringValue().equals("2026-01-06"));
        try (EventStore store = Leftfold.open(folder.toString())) {
            assertThat(ids(store)).doesNotHaveDuplicates();
        }
    }

    @Test
    void a_run_that_was_cut_off_is_finished_by_the_next() throws Exception {
        try (EventStore store = Leftfold.open(folder.toString());
                RunningNewsroom newsroom = RunningNewsroom.on(store)) {
            int[] left = {100};
            try {
                newsroom.traffic(MarketNews.SEED).play(0, () -> {
                    left[0]--;
                    if (left[0] == 0) {
                        throw new InterruptedException();
                    }
                });
            } catch (InterruptedException cutOff) {
                assertThat(left[0]).isZero();
            }
        }

        assertThat(demo().run().get("days").toString()).isEqualTo("[\"2026-01-05\",\"2026-01-06\"]");
    }

    @Test
    void each_read_model_and_the_regulators_answers_are_shown() throws Exception {
        Shown shown = demo();

        assertThat(shown.byKind())
                .containsOnlyKeys(KINDS)
                .allSatisfy((kind, rows) -> assertThat(rows).isNotEmpty());
        assertThat(shown.rows("regulator")).hasSize(2);
        assertThat(types(shown.rows("regulator").getFirst()))
                .contains("TopicSubscribed", "ArticleIngested", "ArticleScored")
                .doesNotContain("ArticleCorrected");
        assertThat(types(shown.rows("regulator").getLast())).contains("ArticleCorrected", "ArticleScored");
    }

    @Test
    void people_get_the_same_as_text() throws Exception {
        StringWriter text = new StringWriter();
        try (EventStore store = new MemoryEventStore()) {
            new MarketNews().demo(new DemoRun(store, "memory:", true, false, new PrintWriter(text, true)));
        }

        assertThat(text.toString())
                .contains("Market news, trading day 2026-01-05", "events in this run", "feed of ", "trending-topics")
                .contains("source-reliability", "most opened", "The regulator asks", "ArticleCorrected");
    }

    @Test
    void a_demo_that_stays_up_ends_when_its_thread_is_interrupted() throws Exception {
        StringWriter text = new StringWriter();
        try (EventStore store = new MemoryEventStore()) {
            DemoRun run = new DemoRun(store, "memory:", false, true, new PrintWriter(text, true));
            Throwable[] failure = {null};
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    new MarketNews().demo(run);
                } catch (Exception e) {
                    failure[0] = e;
                }
            });
            try (var subscription = store.subscribe(Query.stream(TradingDay.stream(Traffic.date(1))), 0)) {
                assertThat(subscription.next(1, Duration.ofMinutes(1)).events()).hasSize(1);
            }
            thread.interrupt();
            thread.join();

            assertThat(failure[0]).isNull();
            assertThat(text.toString()).contains("\"kind\":\"run\"");
        }
    }

    @Test
    void streams_fold_to_the_states_of_their_aggregates() throws Exception {
        Map<String, StateFold<?>> states = new MarketNews().states();
        try (EventStore store = new MemoryEventStore();
                RunningNewsroom newsroom = RunningNewsroom.on(store)) {
            newsroom.traffic(1).play(0, Pause.NONE);

            Set<String> categories =
                    store.streams().map(one -> one.stream().category()).collect(toSet());
            assertThat(states.keySet()).isEqualTo(categories);
            assertThat(state(states, store, Onboarding.CATEGORY, "ada")).isEqualTo(Onboarding.State.COMPLETED);
            assertThat(state(states, store, Article.CATEGORY, "20251001-000"))
                    .isInstanceOf(Article.State.Published.class);
        }
    }

    @Test
    void the_command_line_lists_the_read_models_that_a_run_left_up_to_date() throws Exception {
        demo();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(InputStream.nullInputStream(), printed, printed, Map.of(), false);

        int exitCode = Main.run(terminal, "projections", "list", "--json", "--store", folder.toString());

        List<JsonNode> listed = printed.toString(UTF_8)
                .lines()
                .map(JsonMapper.shared()::readTree)
                .toList();
        assertThat(exitCode).isZero();
        assertThat(listed)
                .extracting(line -> line.get("name").stringValue())
                .containsExactly("feed", "source-reliability", "trending-topics");
        assertThat(listed).allSatisfy(line -> {
            assertThat(line.get("state").stringValue()).isEqualTo("live");
            assertThat(line.get("lagEvents").intValue()).isZero();
        });
    }

    @Test
    void the_command_line_finds_the_example() {
        assertThat(ServiceLoader.load(Application.class)).hasAtLeastOneElementOfType(MarketNews.class);
    }

    private static Object state(Map<String, StateFold<?>> states, EventStore store, String category, String id) {
        try (Stream<RecordedEvent> events = store.readStream(StreamId.of(category, id))) {
            return folded(requireNonNull(states.get(category)), events.toList());
        }
    }

    private static <S> S folded(StateFold<S> fold, List<RecordedEvent> events) {
        S state = fold.initial();
        for (RecordedEvent event : events) {
            state = fold.step().apply(state, event);
        }
        return state;
    }

    private Shown demo() throws Exception {
        StringWriter json = new StringWriter();
        try (EventStore store = Leftfold.open(folder.toString())) {
            new MarketNews().demo(new DemoRun(store, folder.toString(), true, true, new PrintWriter(json, true)));
        }
        return new Shown(json.toString()
                .lines()
                .map(JsonMapper.shared()::readTree)
                .collect(groupingBy(row -> row.get("kind").stringValue())));
    }

    private static List<String> types(JsonNode answer) {
        return answer.get("events")
                .valueStream()
                .map(event -> event.get("type").stringValue())
                .toList();
    }

    private static List<UUID> ids(EventStore store) {
        try (Stream<RecordedEvent> events = store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            return events.map(RecordedEvent::id).toList();
        }
    }
}
