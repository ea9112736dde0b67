// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leftfold.example.marketnews.instrument.Instrument;
import leftfold.example.marketnews.instrument.InstrumentCommand;
import leftfold.example.marketnews.instrument.InstrumentCommand.HaltTrading;
import leftfold.example.marketnews.instrument.InstrumentCommand.ListInstrument;
import leftfold.example.marketnews.instrument.InstrumentCommand.ResumeTrading;
import leftfold.example.marketnews.traffic.Step.ToInstrument;
import leftfold.example.marketnews.traffic.World.Security;

/** The exchange: a stream of prices, and now and then a halt. Confined to one thread. */
final class Exchange {
    private static final int TICKS_PER_HOUR = 48;
    private static final Duration BETWEEN_TICKS = Duration.ofSeconds(30);
    private static final int HALT_PERMILLE = 40;

    private final Script script;
    private final List<Prices> prices = new ArrayList<>();
    private final List<Prices> calm = new ArrayList<>();
    private Optional<Prices> halted = Optional.empty();

    Exchange(Script script) {
        this.script = script;
        for (Security security : World.SECURITIES) {
            prices.add(new Prices(security, script.random()));
        }
        calm.addAll(prices);
    }

    /** Lists every security. */
    void list(Instant at) {
        for (Security one : World.SECURITIES) {
            command(new ListInstrument(one.symbol(), one.name(), one.topic(), at));
        }
    }

    /** Reports the prices of an hour's first half, then resumes what was halted, or halts what has moved too far. */
    void hour(Instant at) {
        var ticks = new Observations(script.ids(), "exchange-feed@5.2");
        for (int i = 0; i < TICKS_PER_HOUR; i++) {
            Instant time = at.plus(BETWEEN_TICKS.multipliedBy(i));
            for (Prices one : prices) {
                if (!halted.equals(Optional.of(one))) {
                    ticks.add(Instrument.stream(one.security().symbol()), Instrument.CODEC.encode(one.tick(time)));
                }
            }
        }
        script.steps().add(ticks.step());
        haltOrResume(at.plus(BETWEEN_TICKS.multipliedBy(TICKS_PER_HOUR)));
    }

    private void haltOrResume(Instant at) {
        if (halted.isPresent()) {
            command(new ResumeTrading(halted.get().security().symbol(), at));
            halted = Optional.empty();
            return;
        }
        halted =
                calm.stream().filter(one -> one.movePermille() >= HALT_PERMILLE).findFirst();
        halted.ifPresent(one -> {
            calm.remove(one);
            String reason = "moved " + one.movePermille() + " permille since the opening";
            command(new HaltTrading(one.security().symbol(), reason, at));
        });
    }

    private void command(InstrumentCommand command) {
        script.steps().add(new ToInstrument(script.ids().next(), command));
    }
}
