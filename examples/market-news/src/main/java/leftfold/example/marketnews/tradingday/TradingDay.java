// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.tradingday;

import java.time.LocalDate;
import java.util.List;
import leftfold.decider.Decider;
import leftfold.example.marketnews.CommandRefused;
import leftfold.example.marketnews.tradingday.TradingDayCommand.CloseDay;
import leftfold.example.marketnews.tradingday.TradingDayCommand.OpenDay;
import leftfold.example.marketnews.tradingday.TradingDayEvent.TradingDayClosed;
import leftfold.example.marketnews.tradingday.TradingDayEvent.TradingDayOpened;
import leftfold.jackson.JsonCodec;
import leftfold.schema.EventCodec;
import leftfold.store.StreamId;

/** The rules of a trading day: opened once, then closed once. Immutable. */
public final class TradingDay implements Decider<TradingDayCommand, TradingDayEvent, TradingDay.State> {
    /** The category of the streams: {@code tradingday-DATE}. */
    public static final String CATEGORY = "tradingday";

    /** How its events stand in the log. */
    public static final EventCodec<TradingDayEvent> CODEC = JsonCodec.of(TradingDayEvent.class);

    /** Where a trading day stands. */
    public enum State {
        /** Not begun. */
        PLANNED,
        /** The market is open. */
        OPEN,
        /** The market has closed. */
        CLOSED
    }

    /** Returns the stream of the day. */
    public static StreamId stream(LocalDate date) {
        return StreamId.of(CATEGORY, date.toString());
    }

    @Override
    public State initialState() {
        return State.PLANNED;
    }

    @Override
    public State evolve(State state, TradingDayEvent event) {
        return switch (event) {
            case TradingDayOpened e -> State.OPEN;
            case TradingDayClosed e -> State.CLOSED;
        };
    }

    @Override
    public List<TradingDayEvent> decide(State state, TradingDayCommand command) {
        return switch (command) {
            case OpenDay c -> open(state, c);
            case CloseDay c -> close(state, c);
        };
    }

    private static List<TradingDayEvent> open(State state, OpenDay command) {
        return switch (state) {
            case PLANNED -> List.of(new TradingDayOpened(command.date(), command.at()));
            case OPEN -> List.of();
            case CLOSED -> throw new CommandRefused(command.date() + " is closed; open the next day");
        };
    }

    private static List<TradingDayEvent> close(State state, CloseDay command) {
        return switch (state) {
            case PLANNED -> throw new CommandRefused(command.date() + " was never opened");
            case OPEN -> List.of(new TradingDayClosed(command.date(), command.at()));
            case CLOSED -> List.of();
        };
    }
}
