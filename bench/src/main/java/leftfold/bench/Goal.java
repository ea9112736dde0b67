// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a case is to reach. Immutable.
 *
 * @param text as it is printed; empty if there is no goal
 * @param reached whether a row reaches it; null if that is not known
 */
record Goal(String text, Function<Row, @Nullable Boolean> reached) {
    static final Goal NONE = new Goal("", row -> null);

    /** The bandwidth that an append case need not go beyond, as a part of what the disk does with large writes. */
    private static final double BANDWIDTH = 0.7;

    static Goal ratio(double least) {
        return new Goal(String.format(Locale.ROOT, "%.2f x disk", least), row -> row.ratio() >= least);
    }

    /** Returns the goal of a case that can be held up by the disk's bandwidth, in bytes a second, before its syncs. */
    static Goal ratioOrBandwidth(double least, double bytesPerSecond, int eventBytes) {
        double eventsPerSecond = BANDWIDTH * bytesPerSecond / eventBytes;
        return new Goal(
                String.format(
                        Locale.ROOT, "%.0f x disk, or %.1f of %,.0f MB/s", least, BANDWIDTH, bytesPerSecond / 1e6),
                row -> row.ratio() >= least || row.eventsPerSecond() >= eventsPerSecond);
    }

    static Goal eventsPerSecond(double least) {
        return new Goal(String.format(Locale.ROOT, "%,.0f/s", least), row -> row.eventsPerSecond() >= least);
    }

    static Goal p50Micros(double most) {
        return new Goal(String.format(Locale.ROOT, "p50 %,.0f us", most), row -> row.micros(50) <= most);
    }

    static Goal p50AndP99Micros(double p50, double p99) {
        return new Goal(
                String.format(Locale.ROOT, "p50 %,.0f us, p99 %,.0f us", p50, p99),
                row -> row.micros(50) <= p50 && row.micros(99) <= p99);
    }

    /** Returns the same goal, of a case that could not be measured. */
    Goal unknown() {
        return new Goal(text, row -> null);
    }

    /** Returns the same goal, of a case that failed. */
    Goal missed() {
        return new Goal(text, row -> false);
    }
}
