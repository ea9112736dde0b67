// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.profile;

import java.time.Instant;

/** What can be asked of a reader's profile. */
public sealed interface ProfileCommand {
    /** Returns the reader's id. */
    String reader();

    /** Become a reader. */
    record CreateProfile(String reader, String name, Segment segment, Instant at) implements ProfileCommand {}

    /** Note that the first scoring run for the reader is over. */
    record NoteFirstFeed(String reader, int articles, Instant at) implements ProfileCommand {}
}
