// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.subscriptions;

import java.time.Instant;
import leftfold.example.marketnews.NewsEvent;
import leftfold.schema.EventTag;
import leftfold.schema.EventType;

/** What happens to a reader's subscriptions. */
public sealed interface SubscriptionsEvent extends NewsEvent {
    /** Returns the reader's id. */
    String reader();

    /** Returns the topic. */
    String topic();

    /** The reader follows a topic from now on. */
    @EventType("TopicSubscribed")
    record TopicSubscribed(
            @EventTag("reader") String reader,
            @EventTag("topic") String topic,
            Reason reason,
            Instant at) implements SubscriptionsEvent {}

    /** The reader no longer follows a topic. */
    @EventType("TopicUnsubscribed")
    record TopicUnsubscribed(
            @EventTag("reader") String reader,
            @EventTag("topic") String topic,
            Instant at) implements SubscriptionsEvent {}

    /** Why a reader follows a topic. */
    enum Reason {
        /** The reader asked for it. */
        CHOSEN,
        /** It came with the reader's segment. */
        DEFAULT
    }
}
