// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import leftfold.jdbc.DocumentCodec;
import leftfold.jdbc.DocumentProjection;
import leftfold.projection.Documents;
import leftfold.projection.Keys;
import leftfold.projection.Projection;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventCodec;
import leftfold.schema.EventType;
import leftfold.store.Append;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.jspecify.annotations.Nullable;

/** What the cases of the read side project: the events of {@link Facts}, at random over 5,000 accounts. */
final class Accounts {
    static final int COUNT = 5_000;

    private static final int STEP = 193; // no divisor of COUNT, so that the streams of an append are different ones

    private Accounts() {}

    /** What happens to an account. */
    sealed interface Movement {
        /** How much. */
        long amount();

        /** Money came in. */
        @EventType("Deposited")
        record Deposited(long amount) implements Movement {}

        /** Money went out. */
        @EventType("Withdrawn")
        record Withdrawn(long amount) implements Movement {}
    }

    /** What the read model has of an account. */
    record Account(long balance, long movements) {
        static Account after(@Nullable Account before, long change) {
            return before == null
                    ? new Account(change, 1)
                    : new Account(before.balance() + change, before.movements() + 1);
        }
    }

    /** Reads the amount where {@link Facts} writes it: what a JSON library takes is not what is measured here. */
    private static final EventCodec<Movement> CODEC = new EventCodec<>() {
        private static final int AMOUNT_AT = "{\"amount\":".length();

        @Override
        public Set<String> types() {
            return Set.of("Deposited", "Withdrawn");
        }

        @Override
        public EncodedEvent encode(Movement event) {
            throw new UnsupportedOperationException("the events are made by Facts");
        }

        @Override
        public Movement decode(RecordedEvent recorded) {
            ByteBuffer data = recorded.data().asByteBuffer();
            long amount = 0;
            for (int at = AMOUNT_AT; data.get(at) != ','; at++) {
                amount = 10 * amount + data.get(at) - '0';
            }
            return recorded.type().equals("Deposited")
                    ? new Movement.Deposited(amount)
                    : new Movement.Withdrawn(amount);
        }
    };

    static final DocumentCodec<Account> TEXT = DocumentCodec.of(
            account -> "{\"balance\":" + account.balance() + ",\"movements\":" + account.movements() + "}",
            text -> new Account(number(text, "\"balance\":"), number(text, "\"movements\":")));

    private static final Projection<Documents<Account>> PROJECTION = Projection.<Movement, Account>documents(
                    "accounts", 1, CODEC)
            .onEach(
                    Movement.Deposited.class,
                    Keys.stream(),
                    (account, event) -> Account.after(account, event.event().amount()))
            .onEach(
                    Movement.Withdrawn.class,
                    Keys.stream(),
                    (account, event) -> Account.after(account, -event.event().amount()))
            .build();

    static Projection<Documents<Account>> projection() {
        return PROJECTION;
    }

    /** Returns the projection as a table of documents. */
    static DocumentProjection<Account> table() {
        return new DocumentProjection<>(PROJECTION, TEXT);
    }

    /** Makes appends of events of as many accounts each. Confined to one thread. */
    static final class Traffic {
        static final int APPEND_EVENTS = 25;

        private final SplittableRandom random;
        private final Facts facts;

        Traffic(long seed) {
            this.random = new SplittableRandom(seed);
            this.facts = new Facts(seed);
        }

        /** Returns the next append, which has at most {@code eventsMax} events. */
        Append next(long eventsMax) {
            int first = random.nextInt(COUNT);
            List<StreamWrite> writes = new ArrayList<>(APPEND_EVENTS);
            for (int i = 0; i < Math.min(APPEND_EVENTS, eventsMax); i++) {
                StreamId stream = StreamId.of("account", Integer.toString((first + i * STEP) % COUNT));
                writes.add(new StreamWrite(stream, List.of(facts.event(Set.of()))));
            }
            return new Append(writes, List.of());
        }
    }

    private static long number(String text, String name) {
        int from = text.indexOf(name) + name.length();
        int to = from;
        while (text.charAt(to) != ',' && text.charAt(to) != '}') {
            to++;
        }
        return Long.parseLong(text, from, to, 10);
    }
}
