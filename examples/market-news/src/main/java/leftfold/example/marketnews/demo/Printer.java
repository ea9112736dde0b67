// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.demo;

import java.io.PrintWriter;
import java.time.LocalDate;

/** How the demo tells what it does. For implementers. Confined to one thread. */
interface Printer {
    /** Tells what came out of a run. */
    void summary(Summary summary);

    /** Tells, now and then, that the traffic goes on. */
    void progress(Progress progress);

    /**
     * Where a demo that stays up stands.
     *
     * @param day the day that it plays
     * @param position the end of the log
     * @param headline the first in the feed of {@code reader}
     */
    record Progress(LocalDate day, long position, String reader, String headline) {}

    /** Returns the printer for people, or the one for programs. */
    static Printer to(PrintWriter out, boolean json) {
        return json ? new JsonPrinter(out) : new TextPrinter(out);
    }
}
