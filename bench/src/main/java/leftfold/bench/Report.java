// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Prints a row for each case, as soon as it is measured. */
final class Report {
    /**
     * What a case is to reach.
     *
     * @param kind what {@code value} is
     */
    record Goal(Kind kind, double value) {
        enum Kind {
            RATIO_TO_DISK,
            EVENTS_PER_SECOND,
            P50_MICROS,
            NONE
        }

        static Goal ratio(double value) {
            return new Goal(Kind.RATIO_TO_DISK, value);
        }

        boolean met(double eventsPerSecond, double p50, double ratio) {
            return switch (kind) {
                case RATIO_TO_DISK -> ratio >= value;
                case EVENTS_PER_SECOND -> eventsPerSecond >= value;
                case P50_MICROS -> p50 <= value;
                case NONE -> true;
            };
        }

        String text() {
            return switch (kind) {
                case RATIO_TO_DISK -> "%.2f x disk".formatted(value);
                case EVENTS_PER_SECOND -> "%,.0f/s".formatted(value);
                case P50_MICROS -> "p50 %,.0f us".formatted(value);
                case NONE -> "";
            };
        }
    }

    private final PrintWriter out;
    private final boolean json;
    private final Predicate<String> wanted;

    Report(PrintWriter out, boolean json, Predicate<String> wanted) {
        this.out = out;
        this.json = json;
        this.wanted = wanted;
        if (!json) {
            out.printf(
                    Locale.ROOT,
                    "%-24s %14s %12s %10s %10s %10s  %s%n",
                    "case",
                    "events/s",
                    "spread",
                    "p50 us",
                    "p99 us",
                    "x disk",
                    "goal");
            out.flush();
        }
    }

    /** Returns whether the case of this name is to be measured. */
    boolean wants(String name) {
        return wanted.test(name);
    }

    /** Prints the median of {@code rounds}, beside the median of the disk's own {@code probes}. */
    void row(String name, List<Measured> rounds, List<Measured> probes, Goal goal) {
        double rate = median(rounds);
        double ratio = probes.isEmpty() ? Double.NaN : rate / median(probes);
        Measured middle = middle(rounds);
        double p50 = middle.micros(50);
        double p99 = middle.micros(99);
        boolean met = goal.met(rate, p50, ratio);
        if (json) {
            out.printf(
                    Locale.ROOT,
                    "{\"case\":\"%s\",\"events_per_second\":%.0f,\"p50_us\":%.1f,\"p99_us\":%.1f,"
                            + "\"ratio_to_disk\":%s,\"goal\":\"%s\",\"met\":%s}%n",
                    name,
                    rate,
                    p50,
                    p99,
                    Double.isNaN(ratio) ? "null" : "%.3f".formatted(ratio),
                    goal.text(),
                    goal.kind() == Goal.Kind.NONE ? "null" : Boolean.toString(met));
        } else {
            out.printf(
                    Locale.ROOT,
                    "%-24s %,14.0f %11.0f%% %,10.1f %,10.1f %10s  %s%n",
                    name,
                    rate,
                    100 * (rate(rounds, true) - rate(rounds, false)) / rate,
                    p50,
                    p99,
                    Double.isNaN(ratio) ? "" : "%.2f".formatted(ratio),
                    goal.kind() == Goal.Kind.NONE ? "" : (met ? "met: " : "missed: ") + goal.text());
        }
        out.flush();
    }

    private static double median(List<Measured> rounds) {
        return middle(rounds).eventsPerSecond();
    }

    private static Measured middle(List<Measured> rounds) {
        return rounds.stream()
                .sorted(Comparator.comparingDouble(Measured::eventsPerSecond))
                .toList()
                .get(rounds.size() / 2);
    }

    private static double rate(List<Measured> rounds, boolean best) {
        var rates = rounds.stream().mapToDouble(Measured::eventsPerSecond);
        return (best ? rates.max() : rates.min()).orElse(0);
    }
}
