// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leftfold.jdbc.Runner;

/**
 * Who of an outbox's relays is alive, and what each one's share of the shards is. Time is this process's own monotonic
 * clock: who sees a beat stand still for five seconds takes it for dead, and no two clocks are ever compared. Confined
 * to the relay's thread.
 */
final class RelayCrew {
    /** How long a beat may stay the same. */
    static final Duration EXPIRY = Duration.ofSeconds(5);

    private final String me;
    private final Map<String, Seen> seen = new HashMap<>();

    private record Seen(long beat, long sinceNanos) {}

    /**
     * What is to be done.
     *
     * @param take shards that nobody alive has, as many as are missing from the share
     * @param surplus how many shards are to be given back
     * @param dead the relays that are gone, with their last beats
     */
    record Plan(List<OutboxTable.Shard> take, int surplus, Map<String, Long> dead) {}

    RelayCrew(String me) {
        this.me = me;
    }

    /** Returns what is to be done, {@code beats} and {@code shards} being what is found at {@code nowNanos}. */
    Plan plan(Map<String, Long> beats, List<OutboxTable.Shard> shards, long nowNanos) {
        Map<String, Long> dead = new HashMap<>();
        seen.keySet().retainAll(beats.keySet());
        beats.forEach((relay, beat) -> {
            Seen before = seen.get(relay);
            if (before == null || before.beat() != beat) {
                before = new Seen(beat, nowNanos);
                seen.put(relay, before);
            }
            boolean still = nowNanos - before.sinceNanos() >= EXPIRY.toNanos();
            if (!relay.equals(me) && (still || Runner.parse(relay).isDead())) {
                dead.put(relay, beat);
            }
        });
        int alive = Math.max(1, beats.size() - dead.size());
        int share = Math.ceilDiv(shards.size(), alive);
        long mine = shards.stream().filter(one -> me.equals(one.relay())).count();
        List<OutboxTable.Shard> free = new ArrayList<>();
        for (OutboxTable.Shard one : shards) {
            boolean held = one.relay() != null && beats.containsKey(one.relay()) && !dead.containsKey(one.relay());
            if (!held && mine + free.size() < share) {
                free.add(one);
            }
        }
        return new Plan(free, (int) Math.max(0, mine - share), dead);
    }
}
