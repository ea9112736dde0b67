// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import java.util.List;
import leftfold.decider.Decider;
import leftfold.schema.EventTag;
import leftfold.schema.EventType;

/** The guide's example: a gift card that a shop sells, takes in payment and blocks. */
final class GiftCard implements Decider<GiftCard.Command, GiftCard.CardEvent, GiftCard.State> {

    // region events
    /** What happened to a gift card. */
    sealed interface CardEvent {
        @EventType("CardIssued")
        record Issued(@EventTag("customer") String customer, long cents) implements CardEvent {}

        @EventType("AmountRedeemed")
        record Redeemed(String till, long cents) implements CardEvent {}

        @EventType("CardBlocked")
        record Blocked(String reason) implements CardEvent {}
    }
    // endregion

    /** What is asked of a gift card. */
    sealed interface Command {
        record Issue(String customer, long cents) implements Command {}

        record Redeem(String till, long cents) implements Command {}

        record Block(String reason) implements Command {}
    }

    // region state
    enum Status {
        UNKNOWN,
        ACTIVE,
        BLOCKED
    }

    record State(Status status, long cents) {}
    // endregion

    /** What the rules forbid. */
    static final class Refused extends RuntimeException {
        Refused(String message) {
            super(message);
        }
    }

    // region evolve
    @Override
    public State initialState() {
        return new State(Status.UNKNOWN, 0);
    }

    @Override
    public State evolve(State card, CardEvent event) {
        return switch (event) {
            case CardEvent.Issued issued -> new State(Status.ACTIVE, issued.cents());
            case CardEvent.Redeemed redeemed -> new State(Status.ACTIVE, card.cents() - redeemed.cents());
            case CardEvent.Blocked blocked -> new State(Status.BLOCKED, card.cents());
        };
    }
    // endregion

    // region decide
    @Override
    public List<CardEvent> decide(State card, Command command) {
        return switch (command) {
            case Command.Issue(String customer, long cents) -> {
                require(card.status() == Status.UNKNOWN, "this card is issued already");
                require(cents > 0, "a card is worth something");
                yield List.of(new CardEvent.Issued(customer, cents));
            }
            case Command.Redeem(String till, long cents) -> {
                require(card.status() == Status.ACTIVE, "this card cannot be used");
                require(cents <= card.cents(), "the card has only " + card.cents() + " cents left");
                yield List.of(new CardEvent.Redeemed(till, cents));
            }
            case Command.Block(String reason) -> {
                require(card.status() != Status.UNKNOWN, "there is no such card");
                yield card.status() == Status.BLOCKED ? List.of() : List.of(new CardEvent.Blocked(reason));
            }
        };
    }
    // endregion

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Refused(otherwise);
        }
    }
}
