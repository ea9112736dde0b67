// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.tradingday;

import java.time.Instant;
import java.time.LocalDate;

/** What can be asked of a trading day. */
public sealed interface TradingDayCommand {
    /** Returns the day. */
    LocalDate date();

    /** Open it. */
    record OpenDay(LocalDate date, Instant at) implements TradingDayCommand {}

    /** Close it. */
    record CloseDay(LocalDate date, Instant at) implements TradingDayCommand {}
}
