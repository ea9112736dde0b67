// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.profile;

import java.time.Instant;
import leftfold.example.marketnews.CommandRefused;
import leftfold.example.marketnews.profile.ProfileCommand.CreateProfile;
import leftfold.example.marketnews.profile.ProfileCommand.NoteFirstFeed;
import leftfold.example.marketnews.profile.ProfileEvent.FirstFeedPrepared;
import leftfold.example.marketnews.profile.ProfileEvent.ProfileCreated;
import leftfold.testkit.DeciderFixture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProfileTest {
    private static final Instant AT = Instant.parse("2026-01-05T09:00:00Z");

    private final DeciderFixture<ProfileCommand, ProfileEvent, Profile.State> profile =
            DeciderFixture.of(new Profile());

    private static final CreateProfile CREATE = new CreateProfile("ada", "Ada", Segment.TRADER, AT);
    private static final NoteFirstFeed NOTE = new NoteFirstFeed("ada", 5, AT);
    private static final ProfileCreated CREATED = new ProfileCreated("ada", "Ada", Segment.TRADER, AT);
    private static final FirstFeedPrepared PREPARED = new FirstFeedPrepared("ada", 5, AT);

    @Test
    void a_profile_is_created_once() {
        profile.given().when(CREATE).then(CREATED);
        profile.given(CREATED).when(CREATE).thenRefused(CommandRefused.class);
        profile.given(CREATED, PREPARED).when(CREATE).thenRefused(CommandRefused.class);
    }

    @Test
    void the_first_feed_is_prepared_once_and_only_for_a_reader() {
        profile.given().when(NOTE).thenRefused(CommandRefused.class);
        profile.given(CREATED).when(NOTE).then(PREPARED);
        profile.given(CREATED, PREPARED).when(NOTE).thenNothing();
    }

    @Test
    void a_reader_with_a_feed_is_ready() {
        profile.given(CREATED, PREPARED).thenState(new Profile.State.Ready("Ada", Segment.TRADER));
    }
}
