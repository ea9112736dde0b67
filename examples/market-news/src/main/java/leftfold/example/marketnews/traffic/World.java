// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the simulated market consists of. Every name is made up. */
final class World {
    /** The first trading day, a Monday; each run of the demo simulates the next one. */
    static final LocalDate FIRST_DAY = LocalDate.of(2026, 1, 5);

    /** How many readers there are on the first day; one joins on each later day. */
    static final int FIRST_READERS = 8;

    static final List<Security> SECURITIES = List.of(
            new Security("HLN", "Helion Devices", "chips", 18_240),
            new Security("QTX", "Quantex", "chips", 9_415),
            new Security("VRD", "Verdant Power", "energy", 5_630),
            new Security("NBK", "Norbank", "banks", 4_185),
            new Security("KST", "Kestrel Stores", "retail", 7_720),
            new Security("AUR", "Aurum Mines", "metals", 12_905),
            new Security("BLW", "Bluewater Lines", "shipping", 3_350),
            new Security("MDL", "Medalis", "health", 21_480));

    static final List<Source> SOURCES = List.of(
            new Source("Northwire", 2),
            new Source("Ledger Daily", 3),
            new Source("The Closing Bell", 6),
            new Source("Harbour Gazette", 8),
            new Source("Market Murmur", 22),
            new Source("Pit Rumours", 40));

    /** Topics that belong to no security. */
    static final List<String> BROAD_TOPICS = List.of("rates", "currencies");

    /** All that an article can be about. */
    static final List<String> TOPICS = Stream.concat(
                    SECURITIES.stream().map(Security::topic).distinct(), BROAD_TOPICS.stream())
            .toList();

    private static final List<String> NAMES = List.of(
            "Ada", "Bela", "Chen", "Dara", "Emil", "Farah", "Goran", "Hana", "Ines", "Jonas", "Kofi", "Lena", "Mira",
            "Noor", "Olga", "Pavel", "Quinn", "Rosa", "Sami", "Tova", "Uma", "Viktor", "Wanda", "Yara", "Zeno");

    private static final int DAYS_PER_WEEK = 5;

    /**
     * Something that is traded.
     *
     * @param cents its price before the first day
     */
    record Security(String symbol, String name, String topic, int cents) {}

    /**
     * Who publishes articles.
     *
     * @param percentWrong how many of them need a correction, in percent
     */
    record Source(String name, int percentWrong) {}

    private World() {}

    /** Returns the date of a trading day, counted from 0; weekends are none. */
    static LocalDate date(int day) {
        return FIRST_DAY.plusWeeks(day / DAYS_PER_WEEK).plusDays(day % DAYS_PER_WEEK);
    }

    /** Returns the name of a reader, counted from 0. */
    static String name(int reader) {
        int round = reader / NAMES.size();
        return NAMES.get(reader % NAMES.size()) + (round == 0 ? "" : " " + (round + 1));
    }

    /** Returns the id of a reader, counted from 0. */
    static String reader(int reader) {
        return name(reader).toLowerCase(Locale.ROOT).replace(' ', '-');
    }
}
