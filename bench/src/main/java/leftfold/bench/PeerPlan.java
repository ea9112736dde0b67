// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What peers run. Immutable.
 *
 * @param appends the cases that append
 * @param scan the name of the case that reads every event
 * @param stream the name of the case that reads streams of 100 events
 * @param goals what the first peer is to reach
 */
record PeerPlan(List<AppendCase> appends, String scan, String stream, Goals goals) {
    /** The workload of `--peers`. */
    static final PeerPlan EMBEDDED = new PeerPlan(
            List.of(
                    new AppendCase("append-1", 1, 1),
                    new AppendCase("append-16", 16, 1),
                    new AppendCase("append-batch100", 1, 100)),
            "scan",
            "stream-100",
            (name, others) -> Goal.NONE);

    /** The workload of `--postgres`. */
    static final PeerPlan POSTGRES = new PeerPlan(
            List.of(
                    new AppendCase("postgres-append-1", 1, 1),
                    new AppendCase("postgres-append-16", 16, 1),
                    new AppendCase("postgres-append-64", 64, 1),
                    new AppendCase("postgres-append-256", 256, 1),
                    new AppendCase("postgres-append-batch100", 1, 100),
                    new AppendCase("postgres-append-batch100-16", 16, 100)),
            "postgres-catch-up",
            "postgres-stream-100",
            PeerPlan::postgresGoal);

    /** So many writers, each with so many events an append. */
    record AppendCase(String name, int writers, int events) {}

    /** What the first peer is to reach in a case, beside what the others reached. */
    interface Goals {
        /** Returns the goal; {@code others} are the rows by peer, without those that were not measured. */
        Goal of(String name, Map<String, Row> others);
    }

    List<String> names() {
        return Stream.concat(appends.stream().map(AppendCase::name), Stream.of(scan, stream))
                .toList();
    }

    private static Goal postgresGoal(String name, Map<String, Row> others) {
        Row bare = others.get(InsertPeer.NAME);
        return switch (name) {
            case "postgres-append-1" ->
                bare == null
                        ? Goal.NONE
                        : new Goal("0.9 x bare INSERT", row -> row.eventsPerSecond() >= 0.9 * bare.eventsPerSecond());
            case "postgres-append-64" -> Goal.eventsPerSecond(30_000).and(bestPeer(4, others));
            case "postgres-append-batch100", "postgres-append-batch100-16" ->
                Goal.eventsPerSecond(100_000).and(bestPeer(2, others));
            case "postgres-stream-100" ->
                bare == null
                        ? Goal.NONE
                        : new Goal("p50 1.2 x bare SELECT", row -> row.micros(50) <= 1.2 * bare.micros(50));
            case "postgres-catch-up" -> Goal.eventsPerSecond(500_000);
            default -> Goal.NONE;
        };
    }

    /** The bare statements are no peer: they do not keep what an event store keeps. */
    private static Goal bestPeer(int times, Map<String, Row> others) {
        double best = others.entrySet().stream()
                .filter(other -> !other.getKey().equals(InsertPeer.NAME))
                .mapToDouble(other -> other.getValue().eventsPerSecond())
                .max()
                .orElse(0);
        return best == 0
                ? Goal.NONE
                : new Goal(times + " x the best peer", row -> row.eventsPerSecond() >= times * best);
    }
}
