// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import java.util.List;
import java.util.Set;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventCodec;
import leftfold.store.Data;
import leftfold.store.RecordedEvent;
import leftfold.store.Tag;

/** A till with money in it, as a decider, with its codecs. */
final class Till implements Decider<Till.Command, Till.Event, Long> {
    /** What a till is told. */
    sealed interface Command {
        /** Puts coins in, each an event. */
        record PutIn(List<Long> coins) implements Command {}

        /** Takes an amount out, if it is there. */
        record TakeOut(long amount) implements Command {}
    }

    /** What happened to a till. */
    sealed interface Event {
        long amount();

        /** A coin went in. */
        record CoinPutIn(long amount) implements Event {}

        /** Money went out. */
        record MoneyTakenOut(long amount) implements Event {}
    }

    /** A command is refused. */
    static final class NotEnough extends RuntimeException {
        NotEnough(long amount) {
            super("not enough money to take out " + amount);
        }
    }

    @Override
    public Long initialState() {
        return 0L;
    }

    @Override
    public Long evolve(Long state, Event event) {
        return switch (event) {
            case Event.CoinPutIn(long amount) -> state + amount;
            case Event.MoneyTakenOut(long amount) -> state - amount;
        };
    }

    @Override
    public List<Event> decide(Long state, Command command) {
        return switch (command) {
            case Command.PutIn(List<Long> coins) ->
                coins.stream().<Event>map(Event.CoinPutIn::new).toList();
            case Command.TakeOut(long amount) -> {
                if (amount > state) {
                    throw new NotEnough(amount);
                }
                yield List.of(new Event.MoneyTakenOut(amount));
            }
        };
    }

    static Command putIn(Long... coins) {
        return new Command.PutIn(List.of(coins));
    }

    static Command takeOut(long amount) {
        return new Command.TakeOut(amount);
    }

    static Event in(long amount) {
        return new Event.CoinPutIn(amount);
    }

    static Event out(long amount) {
        return new Event.MoneyTakenOut(amount);
    }

    /** Events as decimal text. */
    static final class Events implements EventCodec<Event> {
        @Override
        public Set<String> types() {
            return Set.of("CoinPutIn", "MoneyTakenOut");
        }

        @Override
        public EncodedEvent encode(Event event) {
            String type = event.getClass().getSimpleName();
            return new EncodedEvent(type, 1, number(event.amount()), Set.of(Tag.of("kind", type)));
        }

        @Override
        public Event decode(RecordedEvent recorded) {
            long amount = Long.parseLong(recorded.data().text());
            return recorded.type().equals("CoinPutIn") ? in(amount) : out(amount);
        }
    }

    /** States as decimal text. */
    record States(int stateVersion) implements StateCodec<Long> {
        @Override
        public Data encode(Long state) {
            return number(state);
        }

        @Override
        public Long decode(Data data) {
            return Long.parseLong(data.text());
        }
    }

    private static Data number(long amount) {
        return Data.json(Long.toString(amount));
    }
}
