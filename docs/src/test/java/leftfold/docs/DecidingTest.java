// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import leftfold.decider.CommandContext;
import leftfold.decider.CommandHandler;
import leftfold.decider.Handled;
import leftfold.docs.GiftCard.CardEvent;
import leftfold.docs.GiftCard.Command;
import leftfold.docs.GiftCard.State;
import leftfold.jackson.JsonCodec;
import leftfold.memory.MemoryEventStore;
import leftfold.schema.EventCodec;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.testkit.DeciderFixture;
import leftfold.testkit.Determinism;
import leftfold.testkit.PurityScan;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/02-deciding.md. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class DecidingTest {

    private static final UUID CLICK = UUID.fromString("00000000-0000-4000-8000-000000000001");

    private final MemoryEventStore store = new MemoryEventStore();

    // region handler
    private final EventCodec<CardEvent> codec = JsonCodec.of(CardEvent.class);
    private final CommandHandler<Command, CardEvent, State> cards = CommandHandler.builder(store, new GiftCard(), codec)
            .producer("shop@1.4")
            .build();
    // endregion

    private final StreamId card = StreamId.of("card", "7F3A");

    @Test
    void a_command_becomes_events_and_a_state() {
        // region handle
        cards.handle(card, new Command.Issue("ada", 5_000));
        Handled<State, CardEvent> handled = cards.handle(card, new Command.Redeem("till-2", 1_200));
        // endregion
        assertThat(handled.state().cents()).isEqualTo(3_800);
        assertThat(handled.version()).isEqualTo(2);
        assertThat(handled.events()).containsExactly(new CardEvent.Redeemed("till-2", 1_200));
    }

    @Test
    void a_refused_command_writes_nothing() {
        cards.handle(card, new Command.Issue("ada", 500));
        assertThatThrownBy(() -> cards.handle(card, new Command.Redeem("till-2", 501)))
                .isInstanceOf(GiftCard.Refused.class)
                .hasMessage("the card has only 500 cents left");
        assertThat(store.streamVersion(card)).isEqualTo(1);
    }

    @Test
    void a_command_with_the_same_id_takes_effect_once() {
        cards.handle(card, new Command.Issue("ada", 1_500));
        // region repeat
        CommandContext context = CommandContext.of(CLICK).withActor("till-2").withCorrelationId("basket-81");
        cards.handle(card, new Command.Redeem("till-2", 1_200), context);
        Handled<State, CardEvent> again = cards.handle(card, new Command.Redeem("till-2", 1_200), context);
        // endregion
        assertThat(again.repeated()).isTrue();
        assertThat(again.state().cents()).isEqualTo(300);
        assertThat(store.streamVersion(card)).isEqualTo(2);

        RecordedEvent redeemed = store.readStream(card).toList().getLast();
        assertThat(redeemed.metadata())
                .isEqualTo(new Metadata(CLICK.toString(), "basket-81", "till-2", "shop@1.4", Map.of()));
    }

    @Test
    void what_is_left_on_a_card_can_be_redeemed_and_no_more() {
        // region fixture
        DeciderFixture<Command, CardEvent, State> used = DeciderFixture.of(new GiftCard())
                .given(new CardEvent.Issued("ada", 5_000), new CardEvent.Redeemed("till-2", 4_700));

        used.when(new Command.Redeem("till-1", 300))
                .then(new CardEvent.Redeemed("till-1", 300))
                .thenState(new State(GiftCard.Status.ACTIVE, 0));
        used.when(new Command.Redeem("till-1", 301)).thenRefused(GiftCard.Refused.class, "only 300 cents");
        used.given(new CardEvent.Blocked("lost"))
                .when(new Command.Block("stolen"))
                .thenNothing();
        // endregion
    }

    @Test
    void a_gift_card_is_pure() {
        // region pure
        Determinism.check(
                GiftCard::new,
                List.of(
                        new CardEvent.Issued("ada", 5_000),
                        new CardEvent.Redeemed("till-2", 4_700),
                        new CardEvent.Blocked("lost")));
        PurityScan.of(new GiftCard()).check();
        // endregion
    }
}
