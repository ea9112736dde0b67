// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.tradingday;

import java.time.Instant;
import java.time.LocalDate;
import leftfold.example.marketnews.CommandRefused;
import leftfold.example.marketnews.tradingday.TradingDayCommand.CloseDay;
import leftfold.example.marketnews.tradingday.TradingDayCommand.OpenDay;
import leftfold.example.marketnews.tradingday.TradingDayEvent.TradingDayClosed;
import leftfold.example.marketnews.tradingday.TradingDayEvent.TradingDayOpened;
import leftfold.testkit.DeciderFixture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TradingDayTest {
    private static final Instant AT = Instant.parse("2026-01-05T09:00:00Z");

    private final DeciderFixture<TradingDayCommand, TradingDayEvent, TradingDay.State> day =
            DeciderFixture.of(new TradingDay());

    private static final LocalDate DATE = LocalDate.of(2026, 1, 5);
    private static final TradingDayOpened OPENED = new TradingDayOpened(DATE, AT);
    private static final TradingDayClosed CLOSED = new TradingDayClosed(DATE, AT);

    @Test
    void a_day_is_opened_once() {
        day.given().when(new OpenDay(DATE, AT)).then(OPENED);
        day.given(OPENED).when(new OpenDay(DATE, AT)).thenNothing();
        day.given(OPENED, CLOSED).when(new OpenDay(DATE, AT)).thenRefused(CommandRefused.class);
    }

    @Test
    void a_day_is_closed_once_and_only_if_it_was_opened() {
        day.given().when(new CloseDay(DATE, AT)).thenRefused(CommandRefused.class);
        day.given(OPENED).when(new CloseDay(DATE, AT)).then(CLOSED);
        day.given(OPENED, CLOSED).when(new CloseDay(DATE, AT)).thenNothing();
    }

    @Test
    void a_closed_day_stays_closed() {
        day.given(OPENED, CLOSED).thenState(TradingDay.State.CLOSED);
    }
}
