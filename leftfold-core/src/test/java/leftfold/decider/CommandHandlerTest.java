// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import leftfold.memory.MemoryEventStore;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CommandHandlerTest {
    private static final StreamId TILL = StreamId.of("till-1");
    private static final UUID ID = UUID.fromString("00000000-0000-4000-8000-000000000001");

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private final MemoryEventStore store = new MemoryEventStore(() -> now);
    private final CommandHandler<Till.Command, Till.Event, Long> handler = CommandHandler.builder(
                    store, new Till(), new Till.Events())
            .producer("shop@1.4")
            .build();

    @Test
    void a_command_appends_what_it_decides_and_returns_the_new_state() {
        handler.handle(StreamId.of("till-2"), Till.putIn(1L));
        assertThat(handler.handle(TILL, Till.putIn(5L, 10L)))
                .isEqualTo(new Handled<>(15L, List.of(Till.in(5), Till.in(10)), 2, 3, false));
        assertThat(handler.handle(TILL, Till.takeOut(4)))
                .isEqualTo(new Handled<>(11L, List.of(Till.out(4)), 3, 4, false));
        assertThat(store.readStream(TILL).map(RecordedEvent::type))
                .containsExactly("CoinPutIn", "CoinPutIn", "MoneyTakenOut");
        assertThat(last().tags()).containsExactly(Tag.of("kind", "MoneyTakenOut"));
    }

    @Test
    void a_refused_command_writes_nothing_and_throws_what_the_decider_threw() {
        handler.handle(TILL, Till.putIn(5L));
        assertThatThrownBy(() -> handler.handle(TILL, Till.takeOut(6))).isInstanceOf(Till.NotEnough.class);
        assertThat(store.head()).isEqualTo(1);
    }

    @Test
    void a_command_that_decides_nothing_writes_nothing() {
        assertThat(handler.handle(TILL, Till.putIn())).isEqualTo(new Handled<>(0L, List.of(), 0, 0, false));
        handler.handle(TILL, Till.putIn(5L));
        assertThat(handler.handle(TILL, Till.putIn())).isEqualTo(new Handled<>(5L, List.of(), 1, 1, false));
        assertThat(store.head()).isEqualTo(1);
    }

    @Test
    void a_repeated_command_returns_its_first_outcome_even_where_it_would_now_be_refused() {
        handler.handle(TILL, Till.putIn(5L));
        Handled<Long, Till.Event> first = handler.handle(TILL, Till.takeOut(5), CommandContext.of(ID));
        handler.handle(TILL, Till.putIn(1L, 1L));
        Handled<Long, Till.Event> again = handler.handle(TILL, Till.takeOut(5), CommandContext.of(ID));
        assertThat(first.repeated()).isFalse();
        assertThat(again).isEqualTo(new Handled<>(0L, List.of(Till.out(5)), 2, 2, true));
        assertThat(store.head()).isEqualTo(4);
    }

    @Test
    void a_repeated_command_of_many_events_returns_all_of_them_and_no_other() {
        handler.handle(TILL, Till.putIn(1L, 2L, 3L), CommandContext.of(ID));
        handler.handle(TILL, Till.putIn(4L));
        assertThat(handler.handle(TILL, Till.putIn(1L, 2L, 3L), CommandContext.of(ID)))
                .isEqualTo(new Handled<>(6L, List.of(Till.in(1), Till.in(2), Till.in(3)), 3, 3, true));
    }

    @Test
    void one_command_id_takes_effect_in_each_stream_it_is_given_to() {
        handler.handle(TILL, Till.putIn(1L), CommandContext.of(ID));
        assertThat(handler.handle(StreamId.of("till-2"), Till.putIn(1L), CommandContext.of(ID))
                        .repeated())
                .isFalse();
        assertThat(store.head()).isEqualTo(2);
    }

    @Test
    void a_command_from_outside_is_the_cause_and_by_default_the_correlation() {
        handler.handle(TILL, Till.putIn(1L), CommandContext.of(ID));
        assertThat(last().metadata()).isEqualTo(new Metadata(ID.toString(), ID.toString(), null, "shop@1.4", Map.of()));
        assertThat(last().id()).isEqualTo(NamedIds.event(ID, TILL, 0));
    }

    @Test
    void the_context_gives_correlation_actor_and_headers() {
        CommandContext context = CommandContext.of(ID)
                .withCorrelationId("request-9")
                .withActor("ann")
                .withHeader("tenant", "t1");
        handler.handle(TILL, Till.putIn(1L), context);
        assertThat(last().metadata())
                .isEqualTo(new Metadata(ID.toString(), "request-9", "ann", "shop@1.4", Map.of("tenant", "t1")));
    }

    @Test
    void a_reaction_can_be_walked_back_to_its_event_and_is_handled_once() {
        handler.handle(TILL, Till.putIn(1L), CommandContext.of(ID).withActor("ann"));
        RecordedEvent cause = last();
        CommandContext reaction = CommandContext.because(cause, "refill");
        handler.handle(TILL, Till.putIn(2L), reaction);
        RecordedEvent effect = last();
        handler.handle(TILL, Till.putIn(2L), CommandContext.because(cause, "refill"));
        assertThat(store.head()).isEqualTo(2);
        assertThat(effect.metadata())
                .isEqualTo(new Metadata(
                        cause.id().toString(),
                        ID.toString(),
                        "ann",
                        "shop@1.4",
                        Map.of("commandId", reaction.commandId().toString())));
        assertThat(CommandContext.because(cause, "other").commandId()).isNotEqualTo(reaction.commandId());
    }

    @Test
    void a_reaction_to_an_event_without_correlation_begins_one_with_that_event() {
        store.append(TILL, 0, List.of(Event.of("CoinPutIn", Data.json("1"))));
        assertThat(CommandContext.because(last(), "refill").correlationId())
                .isEqualTo(last().id().toString());
    }

    @Test
    void a_state_can_be_asked_for_now_at_a_version_and_as_of_a_time() {
        Instant morning = now;
        handler.handle(TILL, Till.putIn(1L, 2L));
        now = morning.plusSeconds(60);
        handler.handle(TILL, Till.putIn(4L));
        assertThat(handler.state(TILL)).isEqualTo(new StreamState<>(7L, 3, 3));
        assertThat(handler.stateAt(TILL, 0)).isEqualTo(new StreamState<>(0L, 0, 0));
        assertThat(handler.stateAt(TILL, 1)).isEqualTo(new StreamState<>(1L, 1, 1));
        assertThat(handler.stateAsOf(TILL, morning.minusNanos(1))).isEqualTo(new StreamState<>(0L, 0, 0));
        assertThat(handler.stateAsOf(TILL, morning)).isEqualTo(new StreamState<>(3L, 2, 2));
        assertThat(handler.stateAsOf(TILL, morning.plusSeconds(60))).isEqualTo(new StreamState<>(7L, 3, 3));
        assertThat(handler.state(StreamId.of("till-9"))).isEqualTo(new StreamState<>(0L, 0, 0));
    }

    @Test
    void a_negative_or_future_version_is_refused() {
        handler.handle(TILL, Till.putIn(1L));
        assertThatThrownBy(() -> handler.stateAt(TILL, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> handler.stateAt(TILL, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("stream till-1 is at version 1, not yet at 2");
    }

    @Test
    void a_builder_refuses_what_cannot_work() {
        var builder = CommandHandler.builder(store, new Till(), new Till.Events());
        assertThatThrownBy(() -> builder.producer("shop")).hasMessageContaining("name@version");
        assertThatThrownBy(() -> builder.attemptsMax(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.snapshots(new MemorySnapshots(), new Till.States(1), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private RecordedEvent last() {
        return store.readStream(TILL).toList().getLast();
    }
}
