// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one case. Immutable but for its rounds' histograms, which nothing changes any more.
 *
 * @param name the case
 * @param rounds in the order in which they ran; empty if the case could not be measured
 * @param probes the disk's own, one before each round; empty if the case has nothing to do with the disk's speed
 * @param goal what it is to reach
 * @param more what is known besides, by its key
 * @param note for a person; empty if there is nothing to say
 */
record Row(
        String name, List<Measured> rounds, List<Measured> probes, Goal goal, Map<String, Object> more, String note) {
    Row {
        rounds = List.copyOf(rounds);
        probes = List.copyOf(probes);
        more = Collections.unmodifiableMap(new LinkedHashMap<>(more)); // in the order in which they are printed
    }

    static Row of(String name, List<Measured> rounds, Goal goal) {
        return new Row(name, rounds, List.of(), goal, Map.of(), "");
    }

    /** Returns the row of a case that could not be measured. */
    static Row notMeasured(String name, Goal goal, String why) {
        return new Row(name, List.of(), List.of(), goal.unknown(), Map.of(), "not measured: " + why);
    }

    /** Returns the row of a case that failed. */
    static Row failed(String name, Goal goal, String why) {
        return new Row(name, List.of(), List.of(), goal.missed(), Map.of(), "failed: " + why);
    }

    Row withProbes(List<Measured> others) {
        return new Row(name, rounds, others, goal, more, note);
    }

    Row with(String key, Object value) {
        Map<String, Object> values = new LinkedHashMap<>(more);
        values.put(key, value);
        return new Row(name, rounds, probes, goal, values, note);
    }

    Row withNote(String text) {
        return new Row(name, rounds, probes, goal, more, text);
    }

    /** Returns the median of the rounds; NaN if there are none. */
    double eventsPerSecond() {
        return median(rounds);
    }

    /** Returns how far apart the best and the worst round are, as a part of the median; NaN if there are none. */
    double spread() {
        double best = rates(rounds).max().orElse(Double.NaN);
        double worst = rates(rounds).min().orElse(Double.NaN);
        return (best - worst) / eventsPerSecond();
    }

    /** Returns the median of the rounds as a multiple of the median of the probes; NaN if there are none. */
    double ratio() {
        return eventsPerSecond() / median(probes);
    }

    /** Returns the latency that {@code percent} of all calls stayed under, in microseconds; NaN if there were none. */
    double micros(double percent) {
        if (rounds.isEmpty()) {
            return Double.NaN;
        }
        Histogram all = Measured.histogram();
        rounds.forEach(round -> all.add(round.latencies()));
        return all.getValueAtPercentile(percent) / 1e3;
    }

    /** Returns whether the goal was reached; null if there is none, or it could not be measured. */
    @Nullable Boolean met() {
        return goal.reached().apply(this);
    }

    private static double median(List<Measured> rounds) {
        double[] sorted = rates(rounds).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static DoubleStream rates(List<Measured> rounds) {
        return rounds.stream().mapToDouble(Measured::eventsPerSecond);
    }
}
