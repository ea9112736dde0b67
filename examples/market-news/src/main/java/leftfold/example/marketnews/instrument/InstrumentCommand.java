// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.instrument;

import java.time.Instant;

/** What can be asked of an instrument. */
public sealed interface InstrumentCommand {
    /** Returns the instrument's symbol. */
    String symbol();

    /** List it. */
    record ListInstrument(String symbol, String name, String topic, Instant at) implements InstrumentCommand {}

    /** Suspend trading. */
    record HaltTrading(String symbol, String reason, Instant at) implements InstrumentCommand {}

    /** Go on trading. */
    record ResumeTrading(String symbol, Instant at) implements InstrumentCommand {}
}
