// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.time.Duration;
import java.util.List;

/**
 * How an outbox stands. Immutable.
 *
 * @param waiting how many messages are still to be delivered
 * @param oldest how long the oldest of them has waited; zero if none waits
 * @param parked how many messages were put aside
 * @param relays how many relays have said that they are there and not that they have gone; one that died counts for
 *     some seconds
 * @param blocked the shards whose next message has failed and is tried again
 */
public record OutboxStatus(long waiting, Duration oldest, long parked, int relays, List<Blocked> blocked) {
    /** Copies the list. */
    public OutboxStatus {
        blocked = List.copyOf(blocked);
    }

    /**
     * A shard that waits for its next message to be taken. Immutable.
     *
     * @param shard its number
     * @param attempts how often the message was tried and counted; a target that is away does not count
     * @param reason why the last try failed
     */
    public record Blocked(int shard, int attempts, String reason) {}
}
