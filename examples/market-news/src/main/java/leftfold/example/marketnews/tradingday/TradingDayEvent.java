// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.tradingday;

import java.time.Instant;
import java.time.LocalDate;
import leftfold.example.marketnews.NewsEvent;
import leftfold.schema.EventType;

/** What happens to a trading day. */
public sealed interface TradingDayEvent extends NewsEvent {
    /** Returns the day. */
    LocalDate date();

    /** The market opened. */
    @EventType("TradingDayOpened")
    record TradingDayOpened(LocalDate date, Instant at) implements TradingDayEvent {}

    /** The market closed, and with it the day's books. */
    @EventType("TradingDayClosed")
    record TradingDayClosed(LocalDate date, Instant at) implements TradingDayEvent {}
}
