// SPDX-License-Identifier: Apache-2.0
package leftfold.process;

import java.time.Duration;
import java.util.List;
import leftfold.decider.CommandContext;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.subscription.Checkpoints;
import leftfold.subscription.EventHandler;
import leftfold.subscription.Follower;
import leftfold.subscription.FollowerStatus;

/**
 * Runs a process manager as two followers: one turns inputs into the process's own events, the other turns those into
 * commands. Between them stands the log, so a crash at any point loses nothing and repeats only what has no second
 * effect: ids of events and commands follow from what caused them. Safe for use by many threads.
 */
public final class ProcessRunner implements AutoCloseable {
    private final EventStore store;
    private final Follower inputs;
    private final Follower commands;

    private ProcessRunner(EventStore store, Follower inputs, Follower commands) {
        this.store = store;
        this.inputs = inputs;
        this.commands = commands;
    }

    /**
     * Returns a runner, already started, that keeps its checkpoints under {@code category.inputs} and
     * {@code category.commands}.
     */
    public static <I, P, S, C> ProcessRunner start(
            EventStore store, ProcessDeclaration<I, P, S, C> process, Checkpoints checkpoints, CommandSink<C> sink) {
        String category = process.manager().category();
        Follower inputs = Follower.start(
                category + ".inputs", store, process.query(), checkpoints, new Reaction<>(store, process));
        Follower commands = Follower.start(
                category + ".commands", store, Query.category(category), checkpoints, dispatch(process, sink));
        return new ProcessRunner(store, inputs, commands);
    }

    /** Returns where the two followers stand, the inputs' first. */
    public List<FollowerStatus> status() {
        return List.of(inputs.status(), commands.status());
    }

    /**
     * Waits until the commands that follow from inputs up to {@code position} are sent.
     *
     * @return whether they are; false once {@code timeout} is over or a follower has ended before
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean await(long position, Duration timeout) throws InterruptedException {
        long start = System.nanoTime();
        return inputs.await(position, timeout)
                && commands.await(store.head(), timeout.minusNanos(System.nanoTime() - start));
    }

    /** Ends both followers; see {@link Follower#close}. */
    @Override
    public void close() {
        inputs.close();
        commands.close();
    }

    private static <P, C> EventHandler dispatch(ProcessDeclaration<?, P, ?, C> process, CommandSink<C> sink) {
        return event -> send(process, event, sink);
    }

    private static <P, C> void send(ProcessDeclaration<?, P, ?, C> process, RecordedEvent event, CommandSink<C> sink)
            throws Exception {
        int index = 0;
        for (C command : process.manager().commands(process.events().decode(event))) {
            sink.send(command, CommandContext.because(event, process.manager().category() + "/" + index));
            index++;
        }
    }
}
