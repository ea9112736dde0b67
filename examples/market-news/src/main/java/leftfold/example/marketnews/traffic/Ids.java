// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import leftfold.decider.NamedIds;

/** The ids of one day: they follow from seed and day and come in order. Confined to one thread. */
final class Ids {
    private static final UUID NAMESPACE = UUID.fromString("6d61726b-6574-4e65-a773-000000000001");

    private final UUID day;
    private final String date;
    private int commands;
    private int articles;

    Ids(long seed, LocalDate date) {
        this.day = NamedIds.named(NAMESPACE, seed + "/" + date);
        this.date = DateTimeFormatter.BASIC_ISO_DATE.format(date);
    }

    /** Returns the next id of a command, or of an event without one. */
    UUID next() {
        return NamedIds.named(day, Integer.toString(commands++));
    }

    /** Returns the next article's id, such as {@code 20260105-017}. */
    String nextArticle() {
        return String.format(Locale.ROOT, "%s-%03d", date, articles++);
    }
}
