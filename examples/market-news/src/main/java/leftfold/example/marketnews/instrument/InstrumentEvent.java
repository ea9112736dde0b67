// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.instrument;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import leftfold.example.marketnews.NewsEvent;
import leftfold.schema.EventTag;
import leftfold.schema.EventType;

/** What happens to an instrument. */
public sealed interface InstrumentEvent extends NewsEvent {
    /** Returns the instrument's symbol. */
    String symbol();

    /** The instrument can be traded from now on. */
    @EventType("InstrumentListed")
    record InstrumentListed(
            String symbol, String name, @EventTag("topic") String topic, Instant at) implements InstrumentEvent {}

    /**
     * The exchange reported a price. Nobody decides this, so no command leads here.
     *
     * @param open the day's first price, which says how far the price has moved
     */
    @EventType("PriceTicked")
    record PriceTicked(@EventTag("symbol") String symbol, BigDecimal price, BigDecimal open, Instant at)
            implements InstrumentEvent {
        private static final int PERMILLE = 1000;

        /** Returns how far the price has moved since the day opened, in permille of the opening price. */
        public int movePermille() {
            return price.subtract(open)
                    .multiply(BigDecimal.valueOf(PERMILLE))
                    .divide(open, 0, RoundingMode.HALF_EVEN)
                    .intValueExact();
        }
    }

    /** Trading was suspended. */
    @EventType("TradingHalted")
    record TradingHalted(@EventTag("symbol") String symbol, String reason, Instant at) implements InstrumentEvent {}

    /** Trading went on. */
    @EventType("TradingResumed")
    record TradingResumed(@EventTag("symbol") String symbol, Instant at) implements InstrumentEvent {}
}
