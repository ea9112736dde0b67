// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.regulator;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import leftfold.example.marketnews.article.Article;
import leftfold.example.marketnews.article.ArticleEvent;
import leftfold.example.marketnews.article.ArticleEvent.ArticleScored;
import leftfold.example.marketnews.article.Input;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;

/**
 * The regulator's question: which events, in which order, led to the score that an article had for a reader at a time,
 * as known at that time? Immutable; safe for use by many threads.
 *
 * <p>Each score names its {@link Input}s, so the answer is exact even where other writers were at work while the
 * article was scored. Scores of the older schema versions name none; they were made for everyone, from the article
 * alone.
 */
public final class ScoreTrail {
    private static final String SCORED = "ArticleScored";

    private final EventStore store;

    /**
     * What led to a score.
     *
     * @param scored the score itself
     * @param events everything that the score was made from, in log order, and last the event that is the score
     */
    public record Answer(ArticleScored scored, List<RecordedEvent> events) {}

    /** Creates the query over {@code store}. */
    public ScoreTrail(EventStore store) {
        this.store = store;
    }

    /**
     * Returns what led to the last score that the article had for the reader at that time; where it had no personal
     * one, to the one for everyone; empty if there was neither. What was recorded later is not in it.
     */
    public Optional<Answer> ask(Question question) {
        long known = store.positionAt(question.asOf());
        return lastScore(question.article(), question.reader(), known)
                .or(() -> lastScore(question.article(), ArticleScored.EVERYONE, known))
                .map(recorded -> answer(recorded, scored(recorded)));
    }

    private Optional<RecordedEvent> lastScore(String article, String audience, long known) {
        try (Stream<RecordedEvent> newestFirst =
                store.readStream(Article.stream(article), Long.MAX_VALUE, Direction.BACKWARDS, Long.MAX_VALUE)) {
            return newestFirst
                    .filter(event -> event.position() <= known && event.type().equals(SCORED))
                    .filter(event -> scored(event).audience().equals(audience))
                    .findFirst();
        }
    }

    private Answer answer(RecordedEvent recorded, ArticleScored scored) {
        List<Input> inputs = scored.score().inputs();
        if (inputs.isEmpty()) {
            inputs = List.of(new Input(recorded.stream().value(), 1, recorded.version()));
        }
        // an article's stream also holds the scores of other readers: results, and never inputs
        Stream<RecordedEvent> causes = inputs.stream()
                .flatMap(this::read)
                .filter(event -> !event.type().equals(SCORED))
                .sorted(Comparator.comparingLong(RecordedEvent::position));
        return new Answer(scored, Stream.concat(causes, Stream.of(recorded)).toList());
    }

    private Stream<RecordedEvent> read(Input input) {
        long count = input.last() - input.first() + 1;
        return store.readStream(StreamId.of(input.stream()), input.first(), Direction.FORWARDS, count);
    }

    private static ArticleScored scored(RecordedEvent recorded) {
        ArticleEvent event = Article.CODEC.decode(recorded);
        if (event instanceof ArticleScored scored) {
            return scored;
        }
        throw new AssertionError(recorded.type() + " was read as " + event);
    }
}
