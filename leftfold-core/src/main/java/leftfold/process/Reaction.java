// SPDX-License-Identifier: Apache-2.0
package leftfold.process;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import leftfold.decider.CommandContext;
import leftfold.decider.CommandHandler;
import leftfold.decider.Decider;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventCodec;
import leftfold.schema.SchemaException;
import leftfold.store.EventStore;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.subscription.EventHandler;
import leftfold.subscription.TypedEvent;

/**
 * Turns inputs into the process's own events. Each of these carries its input's position, and an input at or before the
 * last such position is not looked at again: one that the instance did not care about, delivered again after a crash,
 * must not meet the state that later inputs made.
 */
final class Reaction<I, P, S, C> implements EventHandler {
    private static final String POSITION_HEADER = "inputPosition";

    private final ProcessManager<I, P, S, C> manager;
    private final EventCodec<I> inputs;
    private final CommandHandler<TypedEvent<I>, Caused<P>, Progress<S>> handler;

    Reaction(EventStore store, ProcessDeclaration<I, P, S, C> process) {
        this.manager = process.manager();
        this.inputs = process.inputs();
        this.handler = CommandHandler.builder(store, new Once<>(manager), new CausedCodec<>(process.events()))
                .producer(manager.category() + "@" + manager.processVersion())
                .build();
    }

    @Override
    public void handle(RecordedEvent event) {
        if (!inputs.types().contains(event.type())) {
            return;
        }
        TypedEvent<I> input = TypedEvent.decode(inputs, event);
        Optional<String> instance = manager.instance(input);
        if (instance.isPresent()) {
            CommandContext context = CommandContext.because(event, manager.category())
                    .withHeader(POSITION_HEADER, Long.toString(event.position()));
            handler.handle(StreamId.of(manager.category(), instance.get()), input, context);
        }
    }

    /** A process's event and the position of the input that caused it. */
    private record Caused<P>(P event, long inputPosition) {}

    /** An instance's state and the position of the last input that it reacted to. */
    private record Progress<S>(S state, long inputPosition) {}

    /** The manager, but each input at most once. */
    private record Once<I, P, S>(ProcessManager<I, P, S, ?> manager)
            implements Decider<TypedEvent<I>, Caused<P>, Progress<S>> {
        @Override
        public Progress<S> initialState() {
            return new Progress<>(manager.initialState(), 0);
        }

        @Override
        public Progress<S> evolve(Progress<S> before, Caused<P> event) {
            return new Progress<>(manager.evolve(before.state(), event.event()), event.inputPosition());
        }

        @Override
        public List<Caused<P>> decide(Progress<S> progress, TypedEvent<I> input) {
            if (input.position() <= progress.inputPosition()) {
                return List.of();
            }
            return manager.decide(progress.state(), input).stream()
                    .map(event -> new Caused<>(event, input.position()))
                    .toList();
        }
    }

    /** The codec of the process's events; the input's position is in their metadata. */
    private record CausedCodec<P>(EventCodec<P> codec) implements EventCodec<Caused<P>> {
        @Override
        public Set<String> types() {
            return codec.types();
        }

        @Override
        public EncodedEvent encode(Caused<P> event) {
            return codec.encode(event.event());
        }

        @Override
        public Caused<P> decode(RecordedEvent recorded) {
            String position = recorded.metadata().headers().get(POSITION_HEADER);
            if (position == null) {
                throw SchemaException.of(
                        recorded,
                        "no header " + POSITION_HEADER + "; only the process itself may write to its streams",
                        null);
            }
            return new Caused<>(codec.decode(recorded), Long.parseLong(position));
        }
    }
}
