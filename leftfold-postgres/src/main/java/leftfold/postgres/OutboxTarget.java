// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.List;

/**
 * Where an outbox's messages go. For implementers. It is called by several threads at once, with messages of different
 * keys; messages of one key come in the order of their commits, each after the one before was delivered.
 *
 * <p>A message may come again, with the same id: after a failure, and when a relay ended between the delivery and its
 * checkpoint. Who takes each id once sees every message once, and those of a key in order.
 */
public interface OutboxTarget {
    /**
     * Delivers messages, in their order; returns once the target has them all for good.
     *
     * @param messages at least one, at most {@link #batchMessagesMax}
     * @throws DeliveryException if one was not taken; all of them come again, one by one
     * @throws InterruptedException if the relay is being closed; they come again
     */
    void deliver(List<PublishedMessage> messages) throws InterruptedException;

    /** Returns how many messages it wants at once, from 1. */
    default int batchMessagesMax() {
        return 1;
    }
}
