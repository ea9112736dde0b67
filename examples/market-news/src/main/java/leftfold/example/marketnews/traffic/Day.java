// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import leftfold.example.marketnews.tradingday.TradingDayCommand.CloseDay;
import leftfold.example.marketnews.tradingday.TradingDayCommand.OpenDay;
import leftfold.example.marketnews.traffic.Step.ToTradingDay;

/** Writes the script of a trading day. */
final class Day {
    private static final LocalTime BEFORE_OPENING = LocalTime.of(7, 0);
    private static final LocalTime OPENING = LocalTime.of(8, 0);
    private static final int HOURS = 8;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration NEWS_AFTER = Duration.ofMinutes(25);
    private static final Duration REACTIONS_AFTER = Duration.ofMinutes(50);

    private Day() {}

    /** Returns everything that happens on a day, counted from 0; what came before the first day is part of it. */
    static List<Step> steps(long seed, int day) {
        LocalDate date = World.date(day);
        Script script = new Script(new Random(seed + date.toEpochDay()), new Ids(seed, date), new ArrayList<>());
        Exchange exchange = new Exchange(script);
        Wire wire = new Wire(script);
        Readers readers = new Readers(script, World.FIRST_READERS + day);
        Instant morning = date.atTime(BEFORE_OPENING).toInstant(ZoneOffset.UTC);
        Instant opening = date.atTime(OPENING).toInstant(ZoneOffset.UTC);

        int newcomersFrom = World.FIRST_READERS + day - 1;
        if (day == 0) {
            script.steps().addAll(Archive.steps(seed));
            exchange.list(morning);
            newcomersFrom = 0;
        }
        for (int reader = newcomersFrom; reader < World.FIRST_READERS + day; reader++) {
            readers.join(reader, morning);
        }
        script.steps().add(new ToTradingDay(script.ids().next(), new OpenDay(date, opening)));
        for (int hour = 0; hour < HOURS; hour++) {
            Instant at = opening.plus(HOUR.multipliedBy(hour));
            exchange.hour(at);
            wire.hour(at.plus(NEWS_AFTER));
            readers.hour(wire.articles(), at.plus(REACTIONS_AFTER));
        }
        Instant closing = opening.plus(HOUR.multipliedBy(HOURS));
        script.steps().add(new ToTradingDay(script.ids().next(), new CloseDay(date, closing)));
        return List.copyOf(script.steps());
    }
}
