// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.scoring;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import leftfold.decider.CommandContext;
import leftfold.decider.StreamState;
import leftfold.example.marketnews.article.Article;
import leftfold.example.marketnews.article.ArticleCommand.RecordScores;
import leftfold.example.marketnews.article.Input;
import leftfold.example.marketnews.article.Score;
import leftfold.example.marketnews.instrument.Instrument;
import leftfold.example.marketnews.instrument.InstrumentEvent.PriceTicked;
import leftfold.example.marketnews.newsroom.Newsroom;
import leftfold.example.marketnews.subscriptions.Subscriptions;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;

/**
 * Gathers what the model needs, lets it score, and has the scores recorded together with the exact events that they
 * come from. Immutable; safe for use by many threads.
 */
public final class ScoringDesk {
    private final EventStore store;
    private final Newsroom newsroom;

    /** Creates the desk. */
    public ScoringDesk(EventStore store, Newsroom newsroom) {
        this.store = store;
        this.newsroom = newsroom;
    }

    /**
     * Scores {@code article} for those of {@code readers} who follow one of its topics. Does nothing if there are none,
     * or if the article can no longer be read.
     */
    public void score(
            String article,
            SortedMap<String, StreamState<Subscriptions.State>> readers,
            Instant at,
            CommandContext context) {
        StreamId stream = Article.stream(article);
        StreamState<Article.State> known = newsroom.articles().state(stream);
        if (known.state() instanceof Article.State.Published published) {
            Facts facts = gather(published, new Input(stream.value(), 1, known.version()));
            SortedMap<String, Score> scores = new TreeMap<>();
            readers.forEach((reader, follows) -> score(reader, follows, facts, scores));
            if (!scores.isEmpty()) {
                newsroom.articles().handle(stream, new RecordScores(article, scores, at), context);
            }
        }
    }

    private static void score(
            String reader, StreamState<Subscriptions.State> follows, Facts facts, SortedMap<String, Score> scores) {
        List<String> matched = facts.topics().stream()
                .filter(follows.state().topics()::contains)
                .toList();
        if (!matched.isEmpty()) {
            List<Input> inputs = new ArrayList<>(facts.inputs());
            inputs.add(new Input(Subscriptions.stream(reader).value(), 1, follows.version()));
            scores.put(reader, RelevanceModel.score(matched, facts.movePermille(), inputs));
        }
    }

    private Facts gather(Article.State.Published article, Input versions) {
        List<Input> inputs = new ArrayList<>(List.of(versions));
        int largest = 0;
        for (String symbol : article.symbols()) {
            Optional<RecordedEvent> last = lastTick(Instrument.stream(symbol));
            if (last.isPresent() && Instrument.CODEC.decode(last.get()) instanceof PriceTicked tick) {
                long version = last.get().version();
                inputs.add(new Input(last.get().stream().value(), version, version));
                largest = Math.max(largest, Math.abs(tick.movePermille()));
            }
        }
        return new Facts(article.topics(), largest, inputs);
    }

    private Optional<RecordedEvent> lastTick(StreamId instrument) {
        try (Stream<RecordedEvent> newestFirst =
                store.readStream(instrument, Long.MAX_VALUE, Direction.BACKWARDS, Long.MAX_VALUE)) {
            return newestFirst
                    .filter(event -> event.type().equals("PriceTicked"))
                    .findFirst();
        }
    }

    /** What is known of an article when it is scored, and from which events. */
    private record Facts(List<String> topics, int movePermille, List<Input> inputs) {}
}
