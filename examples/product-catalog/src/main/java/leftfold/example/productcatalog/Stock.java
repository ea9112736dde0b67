// SPDX-License-Identifier: Apache-2.0
package leftfold.example.productcatalog;

import java.util.List;
import leftfold.decider.Decider;
import leftfold.schema.EventType;

/** The inventory of one product, in events: here it matters who took what, and that nothing is promised twice. */
final class Stock implements Decider<Stock.Command, Stock.StockEvent, Integer> {
    /** What is asked of the stock. */
    sealed interface Command {
        record Receive(int pieces) implements Command {}

        record Reserve(String order, int pieces) implements Command {}
    }

    /** What happened to the stock. */
    sealed interface StockEvent {
        int pieces();

        @EventType("StockReceived")
        record Received(int pieces) implements StockEvent {}

        @EventType("StockReserved")
        record Reserved(String order, int pieces) implements StockEvent {}
    }

    @Override
    public Integer initialState() {
        return 0;
    }

    @Override
    public Integer evolve(Integer free, StockEvent event) {
        return switch (event) {
            case StockEvent.Received received -> free + received.pieces();
            case StockEvent.Reserved reserved -> free - reserved.pieces();
        };
    }

    @Override
    public List<StockEvent> decide(Integer free, Command command) {
        return switch (command) {
            case Command.Receive(int pieces) -> List.of(new StockEvent.Received(pieces));
            case Command.Reserve(String order, int pieces) -> {
                if (pieces > free) {
                    throw new IllegalStateException("only " + free + " pieces are free");
                }
                yield List.of(new StockEvent.Reserved(order, pieces));
            }
        };
    }
}
