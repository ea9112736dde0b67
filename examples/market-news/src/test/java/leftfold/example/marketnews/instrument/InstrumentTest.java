// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.instrument;

import java.math.BigDecimal;
import java.time.Instant;
import leftfold.example.marketnews.CommandRefused;
import leftfold.example.marketnews.instrument.InstrumentCommand.HaltTrading;
import leftfold.example.marketnews.instrument.InstrumentCommand.ListInstrument;
import leftfold.example.marketnews.instrument.InstrumentCommand.ResumeTrading;
import leftfold.example.marketnews.instrument.InstrumentEvent.InstrumentListed;
import leftfold.example.marketnews.instrument.InstrumentEvent.PriceTicked;
import leftfold.example.marketnews.instrument.InstrumentEvent.TradingHalted;
import leftfold.example.marketnews.instrument.InstrumentEvent.TradingResumed;
import leftfold.testkit.DeciderFixture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class InstrumentTest {
    private static final Instant AT = Instant.parse("2026-01-05T09:00:00Z");

    private final DeciderFixture<InstrumentCommand, InstrumentEvent, Instrument.State> instrument =
            DeciderFixture.of(new Instrument());

    private static final ListInstrument LIST = new ListInstrument("VRD", "Verdant Power", "energy", AT);
    private static final HaltTrading HALT = new HaltTrading("VRD", "moved too far", AT);
    private static final ResumeTrading RESUME = new ResumeTrading("VRD", AT);
    private static final InstrumentListed LISTED = new InstrumentListed("VRD", "Verdant Power", "energy", AT);
    private static final TradingHalted HALTED = new TradingHalted("VRD", "moved too far", AT);
    private static final TradingResumed RESUMED = new TradingResumed("VRD", AT);

    @Test
    void an_instrument_is_listed_once() {
        instrument.given().when(LIST).then(LISTED);
        instrument.given(LISTED).when(LIST).thenNothing();
    }

    @Test
    void trading_is_halted_and_resumed_in_turn() {
        instrument.given(LISTED).when(HALT).then(HALTED);
        instrument.given(LISTED, HALTED).when(HALT).thenNothing();
        instrument.given(LISTED, HALTED).when(RESUME).then(RESUMED);
        instrument.given(LISTED, HALTED, RESUMED).when(RESUME).thenNothing();
    }

    @Test
    void what_is_not_listed_cannot_be_halted_or_resumed() {
        instrument.given().when(HALT).thenRefused(CommandRefused.class);
        instrument.given().when(RESUME).thenRefused(CommandRefused.class);
    }

    @Test
    void the_last_price_is_kept_through_a_halt() {
        PriceTicked tick = new PriceTicked("VRD", new BigDecimal("52.43"), new BigDecimal("56.46"), AT);

        instrument
                .given(LISTED, tick, HALTED)
                .thenState(new Instrument.State(Instrument.Status.HALTED, new BigDecimal("52.43")));
    }
}
