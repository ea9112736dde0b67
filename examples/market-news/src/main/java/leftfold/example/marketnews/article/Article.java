// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.article;

import java.util.ArrayList;
import java.util.List;
import leftfold.decider.Decider;
import leftfold.example.marketnews.CommandRefused;
import leftfold.example.marketnews.article.ArticleCommand.Correct;
import leftfold.example.marketnews.article.ArticleCommand.Ingest;
import leftfold.example.marketnews.article.ArticleCommand.RecordScores;
import leftfold.example.marketnews.article.ArticleCommand.Retract;
import leftfold.example.marketnews.article.ArticleEvent.ArticleCorrected;
import leftfold.example.marketnews.article.ArticleEvent.ArticleIngested;
import leftfold.example.marketnews.article.ArticleEvent.ArticleRetracted;
import leftfold.example.marketnews.article.ArticleEvent.ArticleScored;
import leftfold.schema.EventCodec;
import leftfold.store.StreamId;

/** The rules of an article: what is retracted is neither scored nor corrected. Immutable. */
public final class Article implements Decider<ArticleCommand, ArticleEvent, Article.State> {
    /** The category of the streams: {@code article-ID}. */
    public static final String CATEGORY = "article";

    /** How its events stand in the log. */
    public static final EventCodec<ArticleEvent> CODEC = ArticleCodec.create();

    /** Where an article stands: only what a decision needs. */
    public sealed interface State {
        /** Nothing is known of it. */
        record Unknown() implements State {}

        /** It can be read. */
        record Published(String source, String headline, List<String> topics, List<String> symbols) implements State {}

        /** It was taken back. */
        record Retracted(String source, String reason) implements State {}
    }

    /** Returns the stream of the article with this id. */
    public static StreamId stream(String article) {
        return StreamId.of(CATEGORY, article);
    }

    @Override
    public State initialState() {
        return new State.Unknown();
    }

    @Override
    public State evolve(State state, ArticleEvent event) {
        return switch (event) {
            case ArticleIngested e -> new State.Published(e.source(), e.headline(), e.topics(), e.symbols());
            case ArticleScored e -> state;
            case ArticleCorrected e -> new State.Published(e.source(), e.headline(), e.topics(), symbols(state));
            case ArticleRetracted e -> new State.Retracted(e.source(), e.reason());
        };
    }

    @Override
    public List<ArticleEvent> decide(State state, ArticleCommand command) {
        return switch (state) {
            case State.Unknown unknown -> decideUnknown(command);
            case State.Published published -> decidePublished(published, command);
            case State.Retracted retracted -> decideRetracted(command);
        };
    }

    private static List<ArticleEvent> decideUnknown(ArticleCommand command) {
        return switch (command) {
            case Ingest c ->
                List.of(new ArticleIngested(c.article(), c.source(), c.headline(), c.topics(), c.symbols(), c.at()));
            case RecordScores c -> throw unknown(c);
            case Correct c -> throw unknown(c);
            case Retract c -> throw unknown(c);
        };
    }

    private static List<ArticleEvent> decidePublished(State.Published state, ArticleCommand command) {
        return switch (command) {
            case Ingest again -> List.of();
            case RecordScores c -> scored(state, c);
            case Correct c ->
                c.headline().equals(state.headline()) && c.topics().equals(state.topics())
                        ? List.of()
                        : List.of(new ArticleCorrected(c.article(), state.source(), c.headline(), c.topics(), c.at()));
            case Retract c -> List.of(new ArticleRetracted(c.article(), state.source(), c.reason(), c.at()));
        };
    }

    private static List<ArticleEvent> decideRetracted(ArticleCommand command) {
        return switch (command) {
            case Ingest again -> List.of();
            case RecordScores c -> throw retracted(c);
            case Correct c -> throw retracted(c);
            case Retract again -> List.of();
        };
    }

    private static List<ArticleEvent> scored(State.Published state, RecordScores command) {
        List<ArticleEvent> events = new ArrayList<>();
        command.scores()
                .forEach((audience, score) -> events.add(
                        new ArticleScored(command.article(), state.source(), audience, score, command.at())));
        return events;
    }

    private static List<String> symbols(State state) {
        return switch (state) {
            case State.Published published -> published.symbols();
            case State.Unknown unknown -> List.of();
            case State.Retracted retracted -> List.of();
        };
    }

    private static CommandRefused unknown(ArticleCommand command) {
        return new CommandRefused("article " + command.article() + " was never ingested");
    }

    private static CommandRefused retracted(ArticleCommand command) {
        return new CommandRefused("article " + command.article() + " was retracted");
    }
}
