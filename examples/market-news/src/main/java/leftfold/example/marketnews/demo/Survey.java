// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.demo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import leftfold.example.marketnews.article.Article;
import leftfold.example.marketnews.article.ArticleEvent.ArticleScored;
import leftfold.example.marketnews.demo.Summary.Inquiry;
import leftfold.example.marketnews.demo.Summary.Tops;
import leftfold.example.marketnews.newsroom.NewsCodec;
import leftfold.example.marketnews.readmodel.MostOpened;
import leftfold.example.marketnews.readmodel.ReadModels;
import leftfold.example.marketnews.regulator.Question;
import leftfold.example.marketnews.regulator.ScoreTrail;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;

/** Asks everything that a summary shows. Immutable; safe for use by many threads. */
final class Survey {
    private static final int ROWS_MAX = 5;
    private static final int SOURCES_MAX = 10;
    private static final String ANY_READER = "ada";

    private final EventStore store;
    private final ReadModels models;
    private final MostOpened mostOpened;
    private final ScoreTrail trail;

    Survey(EventStore store, ReadModels models) {
        this.store = store;
        this.models = models;
        this.mostOpened = new MostOpened(store, new NewsCodec());
        this.trail = new ScoreTrail(store);
    }

    /** Returns the summary of {@code run}. */
    Summary summary(Summary.Run run) {
        List<Inquiry> inquiries = inquiries();
        String reader = inquiries.isEmpty()
                ? ANY_READER
                : inquiries.getFirst().question().reader();
        Tops tops = new Tops(
                reader,
                models.feed().top(reader, ROWS_MAX),
                models.trendingTopics(ROWS_MAX),
                models.sourceReliability(SOURCES_MAX),
                mostOpened.now(ROWS_MAX));
        return new Summary(run, tops, inquiries);
    }

    /** An article that was corrected after it was scored shows best what was known when. */
    private List<Inquiry> inquiries() {
        Query corrections = Query.types("ArticleCorrected");
        try (Stream<RecordedEvent> newestFirst =
                store.read(corrections, Long.MAX_VALUE, Direction.BACKWARDS, Long.MAX_VALUE)) {
            return newestFirst
                    .flatMap(correction -> personalScoreBefore(correction).stream())
                    .findFirst()
                    .map(this::inquiries)
                    .orElse(List.of());
        }
    }

    private List<Inquiry> inquiries(RecordedEvent recorded) {
        ArticleScored scored = (ArticleScored) Article.CODEC.decode(recorded);
        List<Inquiry> inquiries = new ArrayList<>();
        for (Instant asOf : List.of(recorded.recordedAt(), lastRecordedAt())) {
            Question question = new Question(scored.article(), scored.audience(), asOf);
            trail.ask(question).ifPresent(answer -> inquiries.add(new Inquiry(question, answer)));
        }
        return inquiries;
    }

    private Optional<RecordedEvent> personalScoreBefore(RecordedEvent correction) {
        try (Stream<RecordedEvent> newestFirst =
                store.readStream(correction.stream(), correction.version(), Direction.BACKWARDS, Long.MAX_VALUE)) {
            return newestFirst
                    .filter(event -> Article.CODEC.decode(event) instanceof ArticleScored scored
                            && !scored.audience().equals(ArticleScored.EVERYONE))
                    .findFirst();
        }
    }

    private Instant lastRecordedAt() {
        try (Stream<RecordedEvent> newestFirst = store.read(Query.all(), Long.MAX_VALUE, Direction.BACKWARDS, 1)) {
            return newestFirst.findFirst().orElseThrow().recordedAt();
        }
    }
}
