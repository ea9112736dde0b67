// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import leftfold.example.marketnews.NewsEvent;
import leftfold.example.marketnews.RunningNewsroom;
import leftfold.example.marketnews.article.ArticleEvent.ArticleCorrected;
import leftfold.example.marketnews.article.ArticleEvent.ArticleIngested;
import leftfold.example.marketnews.article.ArticleEvent.ArticleRetracted;
import leftfold.example.marketnews.article.ArticleEvent.ArticleScored;
import leftfold.example.marketnews.interactions.InteractionsEvent.ArticleDismissed;
import leftfold.example.marketnews.interactions.InteractionsEvent.ArticleOpened;
import leftfold.example.marketnews.newsroom.NewsCodec;
import leftfold.example.marketnews.readmodel.ReadModels.SourceRow;
import leftfold.example.marketnews.readmodel.ReadModels.TopicRow;
import leftfold.example.marketnews.readmodel.SourceReliability.TrackRecord;
import leftfold.example.marketnews.readmodel.TrendingTopics.Trend;
import leftfold.example.marketnews.traffic.Pause;
import leftfold.jdbc.Sqlite;
import leftfold.memory.MemoryEventStore;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each read model against a fold written another way, over two days of traffic. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReadModelsTest {
    private static final NewsCodec CODEC = new NewsCodec();
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final int ALL = 1_000_000;

    @TempDir
    private static Path folder;

    private static final EventStore STORE = new MemoryEventStore();
    private static final List<NewsEvent> EVENTS = new ArrayList<>();
    private static ReadModels models;

    @BeforeAll
    static void play_two_days() throws Exception {
        try (RunningNewsroom newsroom = RunningNewsroom.on(STORE)) {
            newsroom.traffic(7).play(0, Pause.NONE);
            newsroom.traffic(7).play(1, Pause.NONE);
        }
        try (Stream<RecordedEvent> events = STORE.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            events.filter(event -> CODEC.types().contains(event.type()))
                    .forEachOrdered(event -> EVENTS.add(CODEC.decode(event)));
        }
        models = ReadModels.start(STORE, CODEC, Sqlite.open(folder.resolve("read-models.db")));
        models.await(STORE.head(), WAIT);
    }

    @AfterAll
    static void close() {
        models.close();
        STORE.close();
    }

    @Test
    void every_feed_has_the_readers_scored_articles_without_what_was_dismissed_or_retracted() {
        Map<String, Map<String, Integer>> expected = feeds();
        assertThat(expected).hasSizeGreaterThan(8);
        for (Map.Entry<String, Map<String, Integer>> feed : expected.entrySet()) {
            Map<String, Integer> found = new HashMap<>();
            models.feed().top(feed.getKey(), ALL).forEach(entry -> found.put(entry.article(), entry.permille()));
            assertThat(found).isEqualTo(feed.getValue());
        }
    }

    @Test
    void a_feed_begins_with_the_newest_days_best_article() {
        assertThat(models.feed().top("ada", ALL))
                .isSortedAccordingTo(Comparator.comparing(Feed.Entry::day)
                        .thenComparingInt(Feed.Entry::permille)
                        .thenComparing(Feed.Entry::article)
                        .reversed())
                .hasSizeGreaterThan(5);
    }

    @Test
    void a_corrected_article_has_its_new_headline_in_the_feed() {
        Set<String> corrected = new HashSet<>();
        EVENTS.forEach(event -> {
            if (event instanceof ArticleCorrected one) {
                corrected.add(one.article());
            }
        });
        assertThat(models.feed().top("ada", ALL))
                .filteredOn(entry -> corrected.contains(entry.article()))
                .isNotEmpty()
                .allMatch(entry -> entry.headline().startsWith("Corrected: "));
    }

    @Test
    void trending_topics_count_the_articles_of_each_topics_last_two_days() {
        Map<String, List<LocalDate>> days = new HashMap<>();
        for (NewsEvent event : EVENTS) {
            if (event instanceof ArticleIngested e) {
                LocalDate day = e.at().atZone(ZoneOffset.UTC).toLocalDate();
                e.topics()
                        .forEach(topic -> days.computeIfAbsent(topic, t -> new ArrayList<>())
                                .add(day));
            }
        }
        List<TopicRow> expected = new ArrayList<>();
        days.forEach((topic, all) -> {
            List<LocalDate> newestFirst =
                    all.stream().distinct().sorted(Comparator.reverseOrder()).toList();
            expected.add(new TopicRow(
                    topic,
                    new Trend(newestFirst.get(0), count(all, newestFirst.get(0)), count(all, newestFirst.get(1)))));
        });
        assertThat(models.trendingTopics(ALL)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void source_reliability_counts_articles_corrections_and_retractions() {
        Set<String> sources = new HashSet<>();
        for (NewsEvent event : EVENTS) {
            if (event instanceof ArticleIngested e) {
                sources.add(e.source());
            }
        }
        List<SourceRow> expected = sources.stream()
                .map(source -> new SourceRow(
                        source,
                        new TrackRecord(
                                count(e -> e instanceof ArticleIngested i
                                        && i.source().equals(source)),
                                count(e -> e instanceof ArticleCorrected c
                                        && c.source().equals(source)),
                                count(e -> e instanceof ArticleRetracted r
                                        && r.source().equals(source)))))
                .toList();
        assertThat(models.sourceReliability(ALL)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void most_opened_is_the_same_fold_now_and_at_any_time_before() {
        MostOpened mostOpened = new MostOpened(STORE, CODEC);
        int opened = count(ArticleOpened.class::isInstance);

        assertThat(mostOpened.now(ALL).stream()
                        .mapToInt(MostOpened.Entry::times)
                        .sum())
                .isEqualTo(opened)
                .isPositive();
        assertThat(mostOpened.now(3))
                .isSortedAccordingTo(
                        Comparator.comparingInt(MostOpened.Entry::times).reversed());
        assertThat(mostOpened.asOf(firstRecordedAt().minusSeconds(1), ALL)).isEmpty();
    }

    private static Instant firstRecordedAt() {
        try (Stream<RecordedEvent> events = STORE.read(Query.all(), 1, Direction.FORWARDS, 1)) {
            return events.findFirst().orElseThrow().recordedAt();
        }
    }

    private static Map<String, Map<String, Integer>> feeds() {
        Map<String, Map<String, Integer>> feeds = new HashMap<>();
        for (NewsEvent event : EVENTS) {
            if (event instanceof ArticleScored e) {
                feeds.computeIfAbsent(e.audience(), reader -> new HashMap<>())
                        .put(e.article(), e.score().permille());
            }
        }
        for (NewsEvent event : EVENTS) {
            switch (event) {
                case ArticleRetracted e -> feeds.values().forEach(feed -> feed.remove(e.article()));
                case ArticleDismissed e ->
                    feeds.getOrDefault(e.reader(), new HashMap<>()).remove(e.article());
                default -> {}
            }
        }
        return feeds;
    }

    private static int count(Predicate<NewsEvent> which) {
        return (int) EVENTS.stream().filter(which).count();
    }

    private static int count(List<LocalDate> all, LocalDate day) {
        return (int) all.stream().filter(day::equals).count();
    }
}
