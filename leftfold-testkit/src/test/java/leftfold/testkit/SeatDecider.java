// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import leftfold.decider.Decider;

/** A decider without fault: seats that are reserved and cancelled. */
final class SeatDecider implements Decider<SeatDecider.Command, SeatDecider.Event, SeatDecider.State> {
    sealed interface Command {
        record Reserve(String seat, String passenger) implements Command {}

        record Cancel(String seat) implements Command {}
    }

    sealed interface Event {
        record Reserved(String seat, String passenger) implements Event {}

        record Cancelled(String seat) implements Event {}
    }

    record State(Map<String, String> passengers) {
        State with(String seat, String passenger) {
            Map<String, String> more = new TreeMap<>(passengers);
            more.put(seat, passenger);
            return new State(more);
        }

        State without(String seat) {
            Map<String, String> fewer = new TreeMap<>(passengers);
            fewer.remove(seat);
            return new State(fewer);
        }

        SortedSet<String> seats() {
            SortedSet<String> seats = new TreeSet<>();
            for (String seat : passengers.keySet()) {
                seats.add(seat.strip());
            }
            return seats;
        }
    }

    @Override
    public State initialState() {
        return new State(new TreeMap<>());
    }

    @Override
    public State evolve(State state, Event event) {
        return switch (event) {
            case Event.Reserved(String seat, String passenger) -> state.with(seat, passenger);
            case Event.Cancelled(String seat) -> state.without(seat);
        };
    }

    @Override
    public List<Event> decide(State state, Command command) {
        return switch (command) {
            case Command.Reserve(String seat, String passenger) -> {
                if (state.seats().contains(seat)) {
                    throw new IllegalStateException("seat " + seat + " is taken");
                }
                yield List.of(new Event.Reserved(seat, passenger));
            }
            case Command.Cancel(String seat) ->
                state.seats().contains(seat) ? List.of(new Event.Cancelled(seat)) : List.of();
        };
    }
}
