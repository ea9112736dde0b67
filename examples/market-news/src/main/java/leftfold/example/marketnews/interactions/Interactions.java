// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.interactions;

import java.util.List;
import java.util.stream.Stream;
import leftfold.decider.Decider;
import leftfold.example.marketnews.CommandRefused;
import leftfold.example.marketnews.interactions.InteractionsCommand.Dismiss;
import leftfold.example.marketnews.interactions.InteractionsCommand.Open;
import leftfold.example.marketnews.interactions.InteractionsEvent.ArticleDismissed;
import leftfold.example.marketnews.interactions.InteractionsEvent.ArticleOpened;
import leftfold.jackson.JsonCodec;
import leftfold.schema.EventCodec;
import leftfold.store.StreamId;

/** The rules of a reader's feed: what was dismissed is gone from it. Immutable. */
public final class Interactions implements Decider<InteractionsCommand, InteractionsEvent, Interactions.State> {
    /** The category of the streams: {@code interactions-READER}. */
    public static final String CATEGORY = "interactions";

    /** How its events stand in the log. */
    public static final EventCodec<InteractionsEvent> CODEC = JsonCodec.of(InteractionsEvent.class);

    /**
     * What decisions need: not what was opened, only what can no longer be.
     *
     * @param dismissed the articles' ids, in the order of their dismissal
     */
    public record State(List<String> dismissed) {
        /** Copies. */
        public State {
            dismissed = List.copyOf(dismissed);
        }
    }

    /** Returns the stream of what {@code reader} does. */
    public static StreamId stream(String reader) {
        return StreamId.of(CATEGORY, reader);
    }

    @Override
    public State initialState() {
        return new State(List.of());
    }

    @Override
    public State evolve(State state, InteractionsEvent event) {
        return switch (event) {
            case ArticleOpened e -> state;
            case ArticleDismissed e ->
                new State(Stream.concat(state.dismissed().stream(), Stream.of(e.article()))
                        .toList());
        };
    }

    @Override
    public List<InteractionsEvent> decide(State state, InteractionsCommand command) {
        return switch (command) {
            case Open c -> open(state, c);
            case Dismiss c ->
                state.dismissed().contains(c.article())
                        ? List.of()
                        : List.of(new ArticleDismissed(c.reader(), c.article(), c.at()));
        };
    }

    private static List<InteractionsEvent> open(State state, Open command) {
        if (state.dismissed().contains(command.article())) {
            throw new CommandRefused("reader " + command.reader() + " dismissed article " + command.article());
        }
        return List.of(new ArticleOpened(command.reader(), command.article(), command.at()));
    }
}
