// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.util.Set;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventCodec;
import leftfold.schema.EventType;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.RecordedEvent;

/** What happens to accounts: the events of these tests. */
sealed interface Movement {
    /** The account. */
    String account();

    /** Money came in. */
    @EventType("Deposited")
    record Deposited(String account, long amount) implements Movement {}

    /** The account is no more. */
    @EventType("Closed")
    record Closed(String account) implements Movement {}

    /** The codec of these events: account and amount with a blank between. */
    EventCodec<Movement> CODEC = new EventCodec<>() {
        @Override
        public Set<String> types() {
            return Set.of("Deposited", "Closed");
        }

        @Override
        public EncodedEvent encode(Movement event) {
            return switch (event) {
                case Deposited(String account, long amount) ->
                    new EncodedEvent("Deposited", 1, Data.json(account + " " + amount), Set.of());
                case Closed(String account) -> new EncodedEvent("Closed", 1, Data.json(account), Set.of());
            };
        }

        @Override
        public Movement decode(RecordedEvent recorded) {
            String text = recorded.data().text();
            return switch (recorded.type()) {
                case "Deposited" -> {
                    int blank = text.indexOf(' ');
                    yield new Deposited(text.substring(0, blank), Long.parseLong(text.substring(blank + 1)));
                }
                case "Closed" -> new Closed(text);
                default -> throw new AssertionError("asked for an event of unknown type " + recorded.type());
            };
        }
    };

    /** Returns this as an event with a random id. */
    default Event event() {
        EncodedEvent encoded = CODEC.encode(this);
        return Event.of(encoded.type(), encoded.data());
    }
}
