// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.instrument;

import java.math.BigDecimal;
import java.util.List;
import leftfold.decider.Decider;
import leftfold.example.marketnews.CommandRefused;
import leftfold.example.marketnews.instrument.InstrumentCommand.HaltTrading;
import leftfold.example.marketnews.instrument.InstrumentCommand.ListInstrument;
import leftfold.example.marketnews.instrument.InstrumentCommand.ResumeTrading;
import leftfold.example.marketnews.instrument.InstrumentEvent.InstrumentListed;
import leftfold.example.marketnews.instrument.InstrumentEvent.PriceTicked;
import leftfold.example.marketnews.instrument.InstrumentEvent.TradingHalted;
import leftfold.example.marketnews.instrument.InstrumentEvent.TradingResumed;
import leftfold.jackson.JsonCodec;
import leftfold.schema.EventCodec;
import leftfold.store.StreamId;

/** The rules of an instrument: it is listed once, and halted only while it trades. Immutable. */
public final class Instrument implements Decider<InstrumentCommand, InstrumentEvent, Instrument.State> {
    /** The category of the streams: {@code instrument-SYMBOL}. */
    public static final String CATEGORY = "instrument";

    /** How its events stand in the log. */
    public static final EventCodec<InstrumentEvent> CODEC = JsonCodec.of(InstrumentEvent.class);

    /**
     * Where an instrument stands.
     *
     * @param price the last one seen; 0 before the first
     */
    public record State(Status status, BigDecimal price) {}

    /** Whether an instrument can be traded. */
    public enum Status {
        /** Never seen. */
        UNLISTED,
        /** It can be traded. */
        TRADING,
        /** Trading is suspended. */
        HALTED
    }

    /** Returns the stream of the instrument with this symbol. */
    public static StreamId stream(String symbol) {
        return StreamId.of(CATEGORY, symbol);
    }

    @Override
    public State initialState() {
        return new State(Status.UNLISTED, BigDecimal.ZERO);
    }

    @Override
    public State evolve(State state, InstrumentEvent event) {
        return switch (event) {
            case InstrumentListed e -> new State(Status.TRADING, state.price());
            case PriceTicked e -> new State(state.status(), e.price());
            case TradingHalted e -> new State(Status.HALTED, state.price());
            case TradingResumed e -> new State(Status.TRADING, state.price());
        };
    }

    @Override
    public List<InstrumentEvent> decide(State state, InstrumentCommand command) {
        return switch (command) {
            case ListInstrument c ->
                state.status() == Status.UNLISTED
                        ? List.of(new InstrumentListed(c.symbol(), c.name(), c.topic(), c.at()))
                        : List.of();
            case HaltTrading c ->
                listed(state, c) == Status.HALTED
                        ? List.of()
                        : List.of(new TradingHalted(c.symbol(), c.reason(), c.at()));
            case ResumeTrading c ->
                listed(state, c) == Status.TRADING ? List.of() : List.of(new TradingResumed(c.symbol(), c.at()));
        };
    }

    private static Status listed(State state, InstrumentCommand command) {
        if (state.status() == Status.UNLISTED) {
            throw new CommandRefused("instrument " + command.symbol() + " is not listed");
        }
        return state.status();
    }
}
