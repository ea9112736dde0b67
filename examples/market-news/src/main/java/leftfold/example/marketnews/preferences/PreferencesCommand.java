// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.preferences;

import java.time.Instant;

/** What can be asked of a reader's notification preferences. */
public sealed interface PreferencesCommand {
    /** Returns the reader's id. */
    String reader();

    /** Notify this way. */
    record EnableChannel(String reader, Channel channel, Instant at) implements PreferencesCommand {}

    /** Do not notify this way. */
    record DisableChannel(String reader, Channel channel, Instant at) implements PreferencesCommand {}

    /** Do not notify at these hours. */
    record SetQuietHours(String reader, QuietHours hours, Instant at) implements PreferencesCommand {}
}
