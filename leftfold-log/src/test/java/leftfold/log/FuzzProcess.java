// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What Jazzer runs in a process of its own: one decoder, again and again. Jazzer calls both methods by their names. */
public final class FuzzProcess {
    private static DecoderFuzz.@Nullable Target target;

    private FuzzProcess() {}

    /** Takes the name of the decoder. */
    public static void fuzzerInitialize(String[] args) {
        QuietLog.on();
        target = DecoderFuzz.Target.valueOf(args[0]);
    }

    /** Decodes one input. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        DecoderFuzz.Target chosen = target;
        if (chosen != null) {
            chosen.run(input);
        }
    }
}
