// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.subscriptions;

import java.time.Instant;
import java.util.List;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent.Reason;

/** What can be asked of a reader's subscriptions. */
public sealed interface SubscriptionsCommand {
    /** Returns the reader's id. */
    String reader();

    /** Follow all of these topics. */
    record Subscribe(String reader, List<String> topics, Reason reason, Instant at) implements SubscriptionsCommand {}

    /** Follow a topic no longer. */
    record Unsubscribe(String reader, String topic, Instant at) implements SubscriptionsCommand {}
}
