// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.preferences;

import java.time.Instant;
import leftfold.example.marketnews.NewsEvent;
import leftfold.schema.EventTag;
import leftfold.schema.EventType;

/** What happens to a reader's notification preferences. */
public sealed interface PreferencesEvent extends NewsEvent {
    /** Returns the reader's id. */
    String reader();

    /** The reader wants notifications this way. */
    @EventType("ChannelEnabled")
    record ChannelEnabled(@EventTag("reader") String reader, Channel channel, Instant at) implements PreferencesEvent {}

    /** The reader no longer wants notifications this way. */
    @EventType("ChannelDisabled")
    record ChannelDisabled(@EventTag("reader") String reader, Channel channel, Instant at)
            implements PreferencesEvent {}

    /** The reader wants to be left alone at these hours. */
    @EventType("QuietHoursSet")
    record QuietHoursSet(@EventTag("reader") String reader, QuietHours hours, Instant at) implements PreferencesEvent {}
}
