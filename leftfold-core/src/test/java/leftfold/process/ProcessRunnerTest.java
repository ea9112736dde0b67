// SPDX-License-Identifier: Apache-2.0
package leftfold.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.decider.CommandContext;
import leftfold.memory.MemoryEventStore;
import leftfold.process.Shipping.Input;
import leftfold.process.Shipping.Input.Accepted;
import leftfold.process.Shipping.Input.Paid;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.subscription.Checkpoints;
import leftfold.subscription.FollowerStatus.State;
import leftfold.subscription.MemoryCheckpoints;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProcessRunnerTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final MemoryEventStore store = new MemoryEventStore();
    private final Checkpoints checkpoints = new MemoryCheckpoints();
    private final List<String> sent = new ArrayList<>();
    private final List<CommandContext> contexts = new ArrayList<>();

    @AfterEach
    void end() {
        store.close();
    }

    @Test
    void an_input_that_completes_the_picture_sends_the_commands_in_order() {
        append(new Accepted("1"), new Accepted("2"), new Paid("1"));
        run();
        assertThat(sent).containsExactly("pack 1", "send 1");
        assertThat(types("shipping-1")).containsExactly("Started", "ShipmentDue");
        assertThat(types("shipping-2")).containsExactly("Started");
    }

    @Test
    void events_and_commands_say_what_caused_them() {
        Event paid = Shipping.INPUTS
                .event(new Paid("1"))
                .withMetadata(Metadata.none().withCorrelationId("request-7").withActor("ann"));
        append(new Accepted("1"));
        append("order-1", paid);
        run();
        RecordedEvent due = events("shipping-1").getLast();
        assertThat(due.metadata().causationId()).isEqualTo(paid.id().toString());
        assertThat(due.metadata().correlationId()).isEqualTo("request-7");
        assertThat(due.metadata().actor()).isEqualTo("ann");
        assertThat(due.metadata().producer()).isEqualTo("shipping@3");
        assertThat(contexts).allSatisfy(context -> {
            assertThat(context.causeId()).isEqualTo(due.id());
            assertThat(context.correlationId()).isEqualTo("request-7");
            assertThat(context.actor()).isEqualTo("ann");
        });
        assertThat(contexts.get(0).commandId()).isNotEqualTo(contexts.get(1).commandId());
    }

    @Test
    void everything_again_from_the_beginning_changes_nothing_and_sends_the_same_ids() {
        append(new Accepted("1"), new Paid("1"), new Accepted("2"));
        run();
        List<CommandContext> first = List.copyOf(contexts);
        long head = store.head();
        contexts.clear();
        run(new MemoryCheckpoints());
        assertThat(store.head()).isEqualTo(head);
        assertThat(contexts).isEqualTo(first);
    }

    @Test
    void an_input_that_was_ignored_is_ignored_again_whatever_came_after() {
        append(new Paid("1"), new Accepted("1"));
        run();
        run(new MemoryCheckpoints());
        assertThat(types("shipping-1")).containsExactly("Started");
        assertThat(sent).isEmpty();
    }

    @Test
    void a_restart_goes_on_where_the_checkpoints_are() {
        append(new Accepted("1"));
        run();
        append(new Paid("1"));
        run();
        assertThat(sent).containsExactly("pack 1", "send 1");
        run();
        assertThat(sent).containsExactly("pack 1", "send 1");
    }

    @Test
    void inputs_of_no_instance_and_of_unknown_types_are_passed_over() {
        append(new Paid("gift"));
        append("order-1", Event.of("Unheard", Data.json("{}")));
        run();
        assertThat(store.streamVersion(StreamId.of("shipping-gift"))).isZero();
        assertThat(store.head()).isEqualTo(2);
    }

    @Test
    void a_command_that_cannot_be_sent_stops_the_commands_and_not_the_inputs() throws InterruptedException {
        append(new Accepted("1"), new Paid("1"));
        CommandSink<String> broken = (command, context) -> {
            throw new IllegalStateException("the carrier does not answer");
        };
        try (ProcessRunner runner = ProcessRunner.start(store, Shipping.declaration(), checkpoints, broken)) {
            assertThat(runner.await(2, LONG)).isFalse();
            append(new Accepted("2"));
            UUID due = events("shipping-1").getLast().id();
            assertThat(runner.status().get(0).state()).isEqualTo(new State.Running());
            assertThat(runner.status().get(1).state())
                    .isInstanceOfSatisfying(
                            State.Failed.class,
                            failed -> assertThat(failed.eventId()).isEqualTo(due));
        }
        run();
        assertThat(sent).containsExactly("pack 1", "send 1");
    }

    @Test
    void each_follower_keeps_its_own_checkpoint() {
        append(new Accepted("1"), new Paid("1"));
        run();
        assertThat(checkpoints.load("shipping.inputs", store.id()).position()).isGreaterThanOrEqualTo(2);
        assertThat(checkpoints.load("shipping.commands", store.id()).position()).isGreaterThanOrEqualTo(4);
    }

    private void run() {
        run(checkpoints);
    }

    /** Runs the process until it has caught up. */
    private void run(Checkpoints kept) {
        CommandSink<String> sink = (command, context) -> {
            sent.add(command);
            contexts.add(context);
        };
        try (ProcessRunner runner = ProcessRunner.start(store, Shipping.declaration(), kept, sink)) {
            assertThat(runner.await(store.head(), LONG)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void append(Input... inputs) {
        Arrays.stream(inputs).forEach(input -> append("order-1", Shipping.INPUTS.event(input)));
    }

    private void append(String name, Event event) {
        StreamId stream = StreamId.of(name);
        store.append(stream, store.streamVersion(stream), List.of(event));
    }

    private List<RecordedEvent> events(String stream) {
        try (Stream<RecordedEvent> events = store.readStream(StreamId.of(stream))) {
            return events.toList();
        }
    }

    private List<String> types(String stream) {
        return events(stream).stream().map(RecordedEvent::type).toList();
    }
}
