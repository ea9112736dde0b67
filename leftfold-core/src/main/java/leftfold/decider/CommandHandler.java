// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventCodec;
import leftfold.schema.SchemaException;
import leftfold.store.AppendResult;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.jspecify.annotations.Nullable;

/**
 * Turns commands into events: loads a stream's state, lets the decider decide, and appends what it decided at the
 * version that it read. Safe for use by many threads.
 *
 * <p>When another writer was faster, it reads on, decides again and tries again, a bounded number of times. A command
 * is handled once: its events' ids follow from its id (see {@link NamedIds}), so that the same id again, however much
 * later, returns what it did the first time, even if it would now be refused. A command that decided nothing leaves no
 * trace, and decides again.
 *
 * @param <C> commands
 * @param <E> events
 * @param <S> the state
 */
public final class CommandHandler<C, E, S> {
    /** How often a command is tried if the builder is not told otherwise. */
    public static final int ATTEMPTS_MAX = 16;

    private final EventStore store;
    private final Decider<C, E, S> decider;
    private final EventCodec<E> codec;
    private final @Nullable String producer;
    private final int attemptsMax;
    private final Backoff backoff;
    private final StateReader<E, S> states;

    private CommandHandler(Builder<C, E, S> builder) {
        store = builder.store;
        decider = builder.decider;
        codec = builder.codec;
        producer = builder.producer;
        attemptsMax = builder.attemptsMax;
        backoff = builder.backoff;
        states = new StateReader<>(store, decider, codec, builder.snapshots);
    }

    /** Returns a builder of a handler that keeps the decider's events in {@code store}, in {@code codec}'s form. */
    public static <C, E, S> Builder<C, E, S> builder(EventStore store, Decider<C, E, S> decider, EventCodec<E> codec) {
        return new Builder<>(store, decider, codec);
    }

    /**
     * Handles a command that has no id of its own: it gets a random one. As
     * {@link #handle(StreamId, Object, CommandContext)}; after {@link StoreException.OutcomeUnknown} it cannot be
     * repeated safely, so give an id where that matters.
     */
    public Handled<S, E> handle(StreamId stream, C command) {
        return handle(stream, command, CommandContext.random());
    }

    /**
     * Handles {@code command} to {@code stream} and returns what it did, once that survives a crash.
     *
     * @throws RuntimeException the decider's own, if it refuses the command; nothing was written
     * @throws StoreException.Conflict if other writers were faster in every attempt; nothing was written
     * @throws StoreException.OutcomeUnknown if the store failed during the append; the same command with the same id
     *     may be given again, and takes effect once
     * @throws StoreException.Unavailable if the store cannot take appends now; nothing was written
     * @throws SchemaException if an event in the stream cannot be read; nothing was written
     */
    public Handled<S, E> handle(StreamId stream, C command, CommandContext context) {
        Sought first = new Sought(NamedIds.event(context.commandId(), stream, 0));
        StreamState<S> before = states.start(stream);
        long savedVersion = before.version();
        if (savedVersion > 0) {
            store.find(stream, first.id).ifPresent(first);
        }
        for (int attempt = 1; ; attempt++) {
            before = states.fold(
                    before, states.readAfter(stream, before.version()).peek(first));
            if (first.found != null) {
                return repeated(first.found, context);
            }
            List<E> events = decider.decide(before.state(), command);
            if (events.isEmpty()) {
                return new Handled<>(before.state(), events, before.version(), before.position(), false);
            }
            // before the append: an event that cannot be folded must not get into the log
            S after = states.foldDecided(before.state(), events);
            try {
                AppendResult result = store.append(stream, before.version(), encode(stream, events, context));
                if (result.repeated()) {
                    return repeated(store.find(stream, first.id).orElseThrow(), context);
                }
                saveIfDue(stream, savedVersion, new StreamState<>(after, result.version(), result.position()));
                return new Handled<>(after, events, result.version(), result.position(), false);
            } catch (StoreException.Conflict | StoreException.EventIdConflict refused) {
                if (attempt >= attemptsMax) {
                    throw refused;
                }
                backoff.afterAttempt(attempt);
            }
        }
    }

    /** Returns the stream's state now; the initial one if it does not exist. */
    public StreamState<S> state(StreamId stream) {
        StreamState<S> start = states.start(stream);
        return states.fold(start, states.readAfter(stream, start.version()));
    }

    /**
     * Returns the stream's state after its event at {@code version}; 0 for the initial one.
     *
     * @throws IllegalArgumentException if {@code version} is negative, or the stream has not come that far
     */
    public StreamState<S> stateAt(StreamId stream, long version) {
        return states.stateAt(stream, version);
    }

    /** Returns the stream's state as it was at {@code instant}: after all events recorded then or before. */
    public StreamState<S> stateAsOf(StreamId stream, Instant instant) {
        return states.stateAsOf(stream, instant);
    }

    /** Returns what the command did whose first event is {@code first}. */
    private Handled<S, E> repeated(RecordedEvent first, CommandContext context) {
        List<E> events = new ArrayList<>();
        long before = first.version() - 1;
        try (Stream<RecordedEvent> read = states.readAfter(first.stream(), before)) {
            read.takeWhile(event -> event.id().equals(eventId(event, context, before)))
                    .map(codec::decode)
                    .forEachOrdered(events::add);
        }
        StreamState<S> after = states.stateAt(first.stream(), before + events.size());
        return new Handled<>(after.state(), events, after.version(), after.position(), true);
    }

    /** Returns the id that {@code event} has if the command's events begin after version {@code before}. */
    private static UUID eventId(RecordedEvent event, CommandContext context, long before) {
        return NamedIds.event(context.commandId(), event.stream(), (int) (event.version() - before - 1));
    }

    private void saveIfDue(StreamId stream, long savedVersion, StreamState<S> after) {
        if (states.snapshots() != null) {
            states.snapshots().saveIfDue(stream, savedVersion, after);
        }
    }

    private List<Event> encode(StreamId stream, List<E> events, CommandContext context) {
        Metadata metadata = context.metadata(producer);
        List<Event> encoded = new ArrayList<>(events.size());
        for (E event : events) {
            EncodedEvent one = codec.encode(event);
            UUID id = NamedIds.event(context.commandId(), stream, encoded.size());
            encoded.add(new Event(id, one.type(), one.schemaVersion(), one.data(), metadata, one.tags()));
        }
        return encoded;
    }

    /** Looks out for one event among those that are read. Confined to one thread. */
    private static final class Sought implements Consumer<RecordedEvent> {
        private final UUID id;
        private @Nullable RecordedEvent found;

        Sought(UUID id) {
            this.id = id;
        }

        @Override
        public void accept(RecordedEvent event) {
            if (event.id().equals(id)) {
                found = event;
            }
        }
    }

    /** Builds a handler. Confined to one thread. */
    public static final class Builder<C, E, S> {
        private final EventStore store;
        private final Decider<C, E, S> decider;
        private final EventCodec<E> codec;
        private @Nullable String producer;
        private int attemptsMax = ATTEMPTS_MAX;
        private Backoff backoff = Backoff.parking();
        private @Nullable SnapshotPolicy<S> snapshots;

        private Builder(EventStore store, Decider<C, E, S> decider, EventCodec<E> codec) {
            this.store = store;
            this.decider = decider;
            this.codec = codec;
        }

        /**
         * Names the code that decides, for the metadata of every event; none if this is not called.
         *
         * @param nameAtVersion such as {@code orders@1.4}
         * @throws IllegalArgumentException if it is not of this form
         */
        public Builder<C, E, S> producer(String nameAtVersion) {
            if (!nameAtVersion.matches("[^@]+@[^@]+")) {
                throw new IllegalArgumentException(
                        "a producer is written name@version, such as orders@1.4, not '" + nameAtVersion + "'");
            }
            this.producer = nameAtVersion;
            return this;
        }

        /**
         * Sets how often a command is tried before its conflict is thrown; 1 for no second attempt.
         *
         * @throws IllegalArgumentException if {@code attempts} is below 1
         */
        public Builder<C, E, S> attemptsMax(int attempts) {
            if (attempts < 1) {
                throw new IllegalArgumentException("a command is tried at least once, not " + attempts + " times");
            }
            this.attemptsMax = attempts;
            return this;
        }

        /**
         * Replaces how attempts are kept apart, for tests and simulations: a random time between them, of 1 ms at most
         * after the first, doubling up to 100 ms. Without this, each thread's own randomness, and it parks.
         *
         * @param pause waits for so many nanoseconds, or less
         */
        public Builder<C, E, S> backoff(RandomGenerator random, LongConsumer pause) {
            this.backoff = new Backoff(random, pause);
            return this;
        }

        /**
         * Keeps snapshots, so that long streams load fast; none if this is not called. A snapshot that is of another
         * stateVersion, cannot be read or is ahead of the stream is ignored.
         *
         * @param everyEvents a command that leaves its stream this much longer than the last snapshot saves one
         * @throws IllegalArgumentException if {@code everyEvents} is below 1
         */
        public Builder<C, E, S> snapshots(Snapshots keeper, StateCodec<S> stateCodec, int everyEvents) {
            this.snapshots = new SnapshotPolicy<>(keeper, stateCodec, everyEvents);
            return this;
        }

        /** Returns the handler. */
        public CommandHandler<C, E, S> build() {
            return new CommandHandler<>(this);
        }
    }
}
