// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.preferences;

import java.util.List;
import java.util.stream.Stream;
import leftfold.decider.Decider;
import leftfold.example.marketnews.CommandRefused;
import leftfold.example.marketnews.preferences.PreferencesCommand.DisableChannel;
import leftfold.example.marketnews.preferences.PreferencesCommand.EnableChannel;
import leftfold.example.marketnews.preferences.PreferencesCommand.SetQuietHours;
import leftfold.example.marketnews.preferences.PreferencesEvent.ChannelDisabled;
import leftfold.example.marketnews.preferences.PreferencesEvent.ChannelEnabled;
import leftfold.example.marketnews.preferences.PreferencesEvent.QuietHoursSet;
import leftfold.jackson.JsonCodec;
import leftfold.schema.EventCodec;
import leftfold.store.StreamId;
import org.jspecify.annotations.Nullable;

/** The rules of a reader's notification preferences. Immutable. */
public final class Preferences implements Decider<PreferencesCommand, PreferencesEvent, Preferences.State> {
    /** The category of the streams: {@code preferences-READER}. */
    public static final String CATEGORY = "preferences";

    /** How its events stand in the log. */
    public static final EventCodec<PreferencesEvent> CODEC = JsonCodec.of(PreferencesEvent.class);

    /**
     * How a reader wants to be notified.
     *
     * @param channels in the order in which they were enabled
     * @param quietHours null if there are none
     */
    public record State(List<Channel> channels, @Nullable QuietHours quietHours) {
        /** Copies. */
        public State {
            channels = List.copyOf(channels);
        }
    }

    /** Returns the stream of the notification preferences of {@code reader}. */
    public static StreamId stream(String reader) {
        return StreamId.of(CATEGORY, reader);
    }

    @Override
    public State initialState() {
        return new State(List.of(), null);
    }

    @Override
    public State evolve(State state, PreferencesEvent event) {
        return switch (event) {
            case ChannelEnabled e ->
                new State(
                        Stream.concat(without(state, e.channel()), Stream.of(e.channel()))
                                .toList(),
                        state.quietHours());
            case ChannelDisabled e -> new State(without(state, e.channel()).toList(), state.quietHours());
            case QuietHoursSet e -> new State(state.channels(), e.hours());
        };
    }

    @Override
    public List<PreferencesEvent> decide(State state, PreferencesCommand command) {
        return switch (command) {
            case EnableChannel c ->
                state.channels().contains(c.channel())
                        ? List.of()
                        : List.of(new ChannelEnabled(c.reader(), c.channel(), c.at()));
            case DisableChannel c ->
                state.channels().contains(c.channel())
                        ? List.of(new ChannelDisabled(c.reader(), c.channel(), c.at()))
                        : List.of();
            case SetQuietHours c -> setQuietHours(state, c);
        };
    }

    private static List<PreferencesEvent> setQuietHours(State state, SetQuietHours command) {
        QuietHours hours = command.hours();
        if (hours.from().equals(hours.until())) {
            throw new CommandRefused("quiet hours from " + hours.from() + " to the same time; disable the channel");
        }
        return hours.equals(state.quietHours())
                ? List.of()
                : List.of(new QuietHoursSet(command.reader(), hours, command.at()));
    }

    private static Stream<Channel> without(State state, Channel channel) {
        return state.channels().stream().filter(other -> other != channel);
    }
}
