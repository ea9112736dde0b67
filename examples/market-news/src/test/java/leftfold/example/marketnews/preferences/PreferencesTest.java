// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.preferences;

import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import leftfold.example.marketnews.CommandRefused;
import leftfold.example.marketnews.preferences.PreferencesCommand.DisableChannel;
import leftfold.example.marketnews.preferences.PreferencesCommand.EnableChannel;
import leftfold.example.marketnews.preferences.PreferencesCommand.SetQuietHours;
import leftfold.example.marketnews.preferences.PreferencesEvent.ChannelDisabled;
import leftfold.example.marketnews.preferences.PreferencesEvent.ChannelEnabled;
import leftfold.example.marketnews.preferences.PreferencesEvent.QuietHoursSet;
import leftfold.testkit.DeciderFixture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PreferencesTest {
    private static final Instant AT = Instant.parse("2026-01-05T09:00:00Z");

    private final DeciderFixture<PreferencesCommand, PreferencesEvent, Preferences.State> preferences =
            DeciderFixture.of(new Preferences());

    private static final QuietHours NIGHT = new QuietHours(LocalTime.of(22, 0), LocalTime.of(7, 0));
    private static final EnableChannel ENABLE = new EnableChannel("ada", Channel.PUSH, AT);
    private static final DisableChannel DISABLE = new DisableChannel("ada", Channel.PUSH, AT);
    private static final ChannelEnabled ENABLED = new ChannelEnabled("ada", Channel.PUSH, AT);
    private static final ChannelDisabled DISABLED = new ChannelDisabled("ada", Channel.PUSH, AT);

    @Test
    void a_channel_is_enabled_and_disabled_in_turn() {
        preferences.given().when(ENABLE).then(ENABLED);
        preferences.given(ENABLED).when(ENABLE).thenNothing();
        preferences.given(ENABLED).when(DISABLE).then(DISABLED);
        preferences.given(ENABLED, DISABLED).when(DISABLE).thenNothing();
    }

    @Test
    void quiet_hours_are_set_where_they_change() {
        SetQuietHours set = new SetQuietHours("ada", NIGHT, AT);

        preferences.given().when(set).then(new QuietHoursSet("ada", NIGHT, AT));
        preferences.given(new QuietHoursSet("ada", NIGHT, AT)).when(set).thenNothing();
    }

    @Test
    void quiet_hours_that_never_end_are_refused() {
        QuietHours always = new QuietHours(LocalTime.NOON, LocalTime.NOON);

        preferences.given().when(new SetQuietHours("ada", always, AT)).thenRefused(CommandRefused.class);
    }

    @Test
    void channels_and_quiet_hours_are_kept_apart() {
        preferences
                .given(
                        ENABLED,
                        new QuietHoursSet("ada", NIGHT, AT),
                        new ChannelEnabled("ada", Channel.EMAIL, AT),
                        DISABLED)
                .thenState(new Preferences.State(List.of(Channel.EMAIL), NIGHT));
    }
}
