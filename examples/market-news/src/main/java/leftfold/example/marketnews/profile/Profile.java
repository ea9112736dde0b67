// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.profile;

import java.util.List;
import leftfold.decider.Decider;
import leftfold.example.marketnews.CommandRefused;
import leftfold.example.marketnews.profile.ProfileCommand.CreateProfile;
import leftfold.example.marketnews.profile.ProfileCommand.NoteFirstFeed;
import leftfold.example.marketnews.profile.ProfileEvent.FirstFeedPrepared;
import leftfold.example.marketnews.profile.ProfileEvent.ProfileCreated;
import leftfold.jackson.JsonCodec;
import leftfold.schema.EventCodec;
import leftfold.store.StreamId;

/** The rules of a reader's profile: created once, and prepared once. Immutable. */
public final class Profile implements Decider<ProfileCommand, ProfileEvent, Profile.State> {
    /** The category of the streams: {@code profile-READER}. */
    public static final String CATEGORY = "profile";

    /** How its events stand in the log. */
    public static final EventCodec<ProfileEvent> CODEC = JsonCodec.of(ProfileEvent.class);

    /** How far a reader has come. */
    public sealed interface State {
        /** Not a reader. */
        record Unknown() implements State {}

        /** A reader without a feed yet. */
        record Created(String name, Segment segment) implements State {}

        /** A reader with a feed. */
        record Ready(String name, Segment segment) implements State {}
    }

    /** Returns the stream of the profile of {@code reader}. */
    public static StreamId stream(String reader) {
        return StreamId.of(CATEGORY, reader);
    }

    @Override
    public State initialState() {
        return new State.Unknown();
    }

    @Override
    public State evolve(State state, ProfileEvent event) {
        return switch (event) {
            case ProfileCreated e -> new State.Created(e.name(), e.segment());
            case FirstFeedPrepared e -> ready(state);
        };
    }

    @Override
    public List<ProfileEvent> decide(State state, ProfileCommand command) {
        return switch (command) {
            case CreateProfile c -> create(state, c);
            case NoteFirstFeed c -> note(state, c);
        };
    }

    private static List<ProfileEvent> create(State state, CreateProfile command) {
        return switch (state) {
            case State.Unknown unknown ->
                List.of(new ProfileCreated(command.reader(), command.name(), command.segment(), command.at()));
            case State.Created created -> throw new CommandRefused("reader " + command.reader() + " already exists");
            case State.Ready ready -> throw new CommandRefused("reader " + command.reader() + " already exists");
        };
    }

    private static List<ProfileEvent> note(State state, NoteFirstFeed command) {
        return switch (state) {
            case State.Unknown unknown -> throw new CommandRefused("there is no reader " + command.reader());
            case State.Created created ->
                List.of(new FirstFeedPrepared(command.reader(), command.articles(), command.at()));
            case State.Ready ready -> List.of();
        };
    }

    private static State ready(State state) {
        return switch (state) {
            case State.Unknown unknown -> unknown;
            case State.Created created -> new State.Ready(created.name(), created.segment());
            case State.Ready ready -> ready;
        };
    }
}
