// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.profile;

import java.time.Instant;
import leftfold.example.marketnews.NewsEvent;
import leftfold.schema.EventTag;
import leftfold.schema.EventType;

/** What happens to a reader's profile. */
public sealed interface ProfileEvent extends NewsEvent {
    /** Returns the reader's id. */
    String reader();

    /** Somebody became a reader. */
    @EventType("ProfileCreated")
    record ProfileCreated(@EventTag("reader") String reader, String name, Segment segment, Instant at)
            implements ProfileEvent {}

    /**
     * The first personal feed is there to read.
     *
     * @param articles how many articles were scored for it
     */
    @EventType("FirstFeedPrepared")
    record FirstFeedPrepared(@EventTag("reader") String reader, int articles, Instant at) implements ProfileEvent {}
}
