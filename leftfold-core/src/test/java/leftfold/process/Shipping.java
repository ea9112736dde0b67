// SPDX-License-Identifier: Apache-2.0
package leftfold.process;

import java.util.List;
import java.util.Optional;
import leftfold.schema.EventCodec;
import leftfold.store.Query;
import leftfold.subscription.TextCodec;
import leftfold.subscription.TypedEvent;

/** Ships an order once it is accepted and then paid: these tests' process. A payment that comes first is ignored. */
record Shipping() implements ProcessManager<Shipping.Input, Shipping.Step, Shipping.State, String> {
    /** What comes in. */
    sealed interface Input {
        /** The shop takes the order. */
        record Accepted(String order) implements Input {}

        /** The customer has paid. */
        record Paid(String order) implements Input {}
    }

    /** The process's own events. */
    sealed interface Step {
        /** From now on a payment counts. */
        record Started(String order) implements Step {}

        /** The order is to be packed, then sent. */
        record ShipmentDue(String order) implements Step {}
    }

    /** Where one order stands. */
    enum State {
        UNKNOWN,
        STARTED,
        DONE
    }

    static final TextCodec<Input> INPUTS = new TextCodec<Input>(input -> switch (input) {
                case Input.Accepted(String order) -> order;
                case Input.Paid(String order) -> order;
            })
            .with(Input.Accepted.class, Input.Accepted::new)
            .with(Input.Paid.class, Input.Paid::new);

    static final EventCodec<Step> STEPS = new TextCodec<Step>(step -> switch (step) {
                case Step.Started(String order) -> order;
                case Step.ShipmentDue(String order) -> order;
            })
            .with(Step.Started.class, Step.Started::new)
            .with(Step.ShipmentDue.class, Step.ShipmentDue::new);

    static ProcessDeclaration<Input, Step, State, String> declaration() {
        return new ProcessDeclaration<>(new Shipping(), Query.category("order"), INPUTS, STEPS);
    }

    @Override
    public String category() {
        return "shipping";
    }

    @Override
    public int processVersion() {
        return 3;
    }

    @Override
    public Optional<String> instance(TypedEvent<Input> input) {
        return switch (input.event()) {
            case Input.Accepted(String order) -> Optional.of(order);
            case Input.Paid(String order) -> Optional.of(order).filter(name -> !name.equals("gift"));
        };
    }

    @Override
    public State initialState() {
        return State.UNKNOWN;
    }

    @Override
    public State evolve(State state, Step step) {
        return switch (step) {
            case Step.Started started -> State.STARTED;
            case Step.ShipmentDue due -> State.DONE;
        };
    }

    @Override
    public List<Step> decide(State state, TypedEvent<Input> input) {
        return switch (input.event()) {
            case Input.Accepted(String order) -> state == State.UNKNOWN ? List.of(new Step.Started(order)) : List.of();
            case Input.Paid(String order) -> state == State.STARTED ? List.of(new Step.ShipmentDue(order)) : List.of();
        };
    }

    @Override
    public List<String> commands(Step step) {
        return switch (step) {
            case Step.Started started -> List.of();
            case Step.ShipmentDue(String order) -> List.of("pack " + order, "send " + order);
        };
    }
}
