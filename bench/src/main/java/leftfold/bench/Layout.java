// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import leftfold.store.Tag;

/**
 * Which events stand where in the log that is read, as a function of its size, so that no table of versions is needed.
 *
 * <p>Half of the events are in long streams of 100 events, which live as long as the log: in each of 100 turns every
 * long stream gets one event, in another order each turn. The other half are in short streams of 5 events, which live
 * for 5 turns. So a log of 100 million events has 500,000 long and 10 million short streams. One event more for every
 * 10,000 is in a single stream and carries a tag.
 */
record Layout(int longStreams) {
    static final int LONG_EVENTS = 100;
    static final int SHORT_EVENTS = 5;
    static final Tag RARE_TAG = Tag.of("rare", "yes");
    static final StreamId RARE_STREAM = StreamId.of("audit", "1");

    private static final int RARE = 10_000;
    private static final int APPEND_STEPS = 25;

    /** Returns the layout of a log of about {@code events} events, at least 200. */
    static Layout of(long events) {
        return new Layout(Math.toIntExact(events / (2 * LONG_EVENTS)));
    }

    int shortStreams() {
        return longStreams * (LONG_EVENTS / SHORT_EVENTS);
    }

    /** Returns how many events it has, the rare ones included. */
    long events() {
        return 2L * longStreams * LONG_EVENTS + rareEvents();
    }

    long rareEvents() {
        return 2L * longStreams * LONG_EVENTS / RARE;
    }

    StreamId longStream(int ordinal) {
        return StreamId.of("account", Integer.toString(ordinal));
    }

    StreamId shortStream(int ordinal) {
        return StreamId.of("order", Integer.toString(ordinal));
    }

    /** Hands over the appends that make the log, in their order, each with the versions that it expects. */
    void appends(Consumer<Append> consumer) {
        SplittableRandom random = new SplittableRandom(longStreams);
        Facts facts = new Facts(longStreams);
        long made = 0;
        for (int turn = 0; turn < LONG_EVENTS; turn++) {
            Order order = Order.random(random, longStreams);
            int generation = turn / SHORT_EVENTS * longStreams;
            for (int from = 0; from < longStreams; from += APPEND_STEPS) {
                Draft draft = new Draft(facts);
                for (int i = from; i < Math.min(longStreams, from + APPEND_STEPS); i++) {
                    draft.add(longStream(order.at(i)), turn, Set.of());
                    draft.add(shortStream(generation + order.at(i)), turn % SHORT_EVENTS, Set.of());
                    made += 2;
                    if (made % RARE == 0) {
                        draft.add(RARE_STREAM, made / RARE - 1, Set.of(RARE_TAG));
                    }
                }
                consumer.accept(draft.append());
            }
        }
    }

    /** An append in the making. */
    private record Draft(Facts facts, List<StreamWrite> writes, List<AppendCondition> conditions) {
        Draft(Facts facts) {
            this(facts, new ArrayList<>(), new ArrayList<>());
        }

        void add(StreamId stream, long version, Set<Tag> tags) {
            writes.add(new StreamWrite(stream, List.of(facts.event(tags))));
            conditions.add(new AppendCondition.StreamAt(stream, version));
        }

        Append append() {
            return new Append(writes, conditions);
        }
    }

    /** An order of the numbers below {@code size}: each stands at one place. */
    private record Order(long factor, long start, int size) {
        static Order random(SplittableRandom random, int size) {
            long factor = 1L + random.nextInt(size);
            while (commonDivisor(factor, size) != 1) {
                factor = 1L + random.nextInt(size);
            }
            return new Order(factor, random.nextInt(size), size);
        }

        int at(int place) {
            return (int) ((place * factor + start) % size);
        }

        private static long commonDivisor(long a, long b) {
            return b == 0 ? a : commonDivisor(b, a % b);
        }
    }
}
