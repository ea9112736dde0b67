// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.decider.CommandContext;
import leftfold.decider.CommandHandler;
import leftfold.docs.GiftCard.CardEvent;
import leftfold.docs.GiftCard.Command;
import leftfold.docs.GiftCard.State;
import leftfold.jackson.JsonCodec;
import leftfold.memory.MemoryEventStore;
import leftfold.process.CommandSink;
import leftfold.process.ProcessDeclaration;
import leftfold.process.ProcessManager;
import leftfold.process.ProcessRunner;
import leftfold.schema.EventType;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.subscription.Checkpoints;
import leftfold.subscription.MemoryCheckpoints;
import leftfold.subscription.TypedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/05-processes.md. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ProcessesTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final UUID ORDER = UUID.fromString("00000000-0000-4000-8000-000000000002");

    // region events
    /** What the process has noted; its own events, in streams such as replacement-7F3A. */
    sealed interface Step {
        @EventType("CardKnown")
        record Known(String customer, long cents) implements Step {}

        @EventType("ValueChanged")
        record Changed(long cents) implements Step {}

        @EventType("ReplacementDue")
        record Due(String customer, long cents, String card) implements Step {}
    }

    /** What the process knows of one card. */
    record Known(String customer, long cents) {}

    /** The command that it gives: issue a new card. */
    record Replace(StreamId card, Command.Issue issue) {}
    // endregion

    // region process
    /** Whoever loses a card with money on it gets a new one with the rest. */
    record Replacement() implements ProcessManager<CardEvent, Step, Known, Replace> {
        @Override
        public String category() {
            return "replacement";
        }

        @Override
        public int processVersion() {
            return 1;
        }

        @Override
        public Optional<String> instance(TypedEvent<CardEvent> input) {
            return Optional.of(input.stream().value().substring("card-".length()));
        }

        @Override
        public Known initialState() {
            return new Known("", 0);
        }

        @Override
        public Known evolve(Known card, Step step) {
            return switch (step) {
                case Step.Known known -> new Known(known.customer(), known.cents());
                case Step.Changed changed -> new Known(card.customer(), changed.cents());
                case Step.Due due -> new Known(card.customer(), 0);
            };
        }

        @Override
        public List<Step> decide(Known card, TypedEvent<CardEvent> input) {
            return switch (input.event()) {
                case CardEvent.Issued(String customer, long cents) -> List.of(new Step.Known(customer, cents));
                case CardEvent.Redeemed redeemed -> List.of(new Step.Changed(card.cents() - redeemed.cents()));
                case CardEvent.Blocked blocked ->
                    card.cents() == 0
                            ? List.of()
                            : List.of(new Step.Due(card.customer(), card.cents(), input.stream() + "b"));
            };
        }

        @Override
        public List<Replace> commands(Step step) {
            return switch (step) {
                case Step.Known known -> List.of();
                case Step.Changed changed -> List.of();
                case Step.Due(String customer, long cents, String card) ->
                    List.of(new Replace(StreamId.of(card), new Command.Issue(customer, cents)));
            };
        }
    }
    // endregion

    private final JsonCodec<CardEvent> codec = JsonCodec.of(CardEvent.class);
    private final MemoryEventStore store = new MemoryEventStore();
    private final CommandHandler<Command, CardEvent, State> cards =
            CommandHandler.builder(store, new GiftCard(), codec).build();
    private final StreamId lost = StreamId.of("card-7F3A");
    private final StreamId replacement = StreamId.of("card-7F3Ab");

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void a_lost_card_is_replaced_once_however_often_the_process_starts_again() throws Exception {
        cards.handle(lost, new Command.Issue("ada", 5_000));
        cards.handle(lost, new Command.Redeem("till-2", 1_200));
        cards.handle(lost, new Command.Block("lost"), CommandContext.of(ORDER).withActor("ada"));
        run(new MemoryCheckpoints());

        assertThat(cards.state(replacement).state()).isEqualTo(new State(GiftCard.Status.ACTIVE, 3_800));
        RecordedEvent issued = only(replacement);
        RecordedEvent due = last(StreamId.of("replacement-7F3A"));
        assertThat(issued.metadata().causationId()).isEqualTo(due.id().toString());
        assertThat(issued.metadata().correlationId()).isEqualTo(ORDER.toString());
        assertThat(issued.metadata().actor()).isEqualTo("ada");
        assertThat(due.metadata().causationId()).isEqualTo(last(lost).id().toString());
        assertThat(due.metadata().producer()).isEqualTo("replacement@1");

        run(new MemoryCheckpoints()); // without its checkpoints it sees everything again
        assertThat(store.streamVersion(replacement)).isEqualTo(1);
        assertThat(last(StreamId.of("replacement-7F3A"))).isEqualTo(due);
    }

    private void run(Checkpoints checkpoints) throws InterruptedException {
        // region run
        CommandSink<Replace> sink = (command, context) -> cards.handle(command.card(), command.issue(), context);
        var declaration =
                new ProcessDeclaration<>(new Replacement(), Query.category("card"), codec, JsonCodec.of(Step.class));
        try (ProcessRunner process = ProcessRunner.start(store, declaration, checkpoints, sink)) {
            process.await(store.head(), LONG);
        }
        // endregion
    }

    private RecordedEvent only(StreamId stream) {
        try (Stream<RecordedEvent> events = store.readStream(stream)) {
            List<RecordedEvent> all = events.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }

    private RecordedEvent last(StreamId stream) {
        try (Stream<RecordedEvent> events = store.readStream(stream)) {
            return events.toList().getLast();
        }
    }
}
