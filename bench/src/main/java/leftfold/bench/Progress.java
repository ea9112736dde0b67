// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.PrintWriter;
import java.util.Locale;

/** How far long work is, on one line that is written again and again, where a person watches it. */
final class Progress implements AutoCloseable {
    private final PrintWriter err;
    private final boolean watched;
    private String shown = "";

    Progress(PrintWriter err, boolean watched) {
        this.err = err;
        this.watched = watched;
    }

    /** Shows that {@code done} of {@code all} is done; cheap to call often. */
    void at(String work, long done, long all) {
        if (watched) {
            show(String.format(Locale.ROOT, "%s: %d%% of %,d", work, 100 * done / all, all));
        }
    }

    /** Shows that {@code work} goes on. */
    void at(String work) {
        if (watched) {
            show(work);
        }
    }

    private void show(String line) {
        if (!line.equals(shown)) {
            err.print("\r" + " ".repeat(shown.length()) + "\r" + line);
            err.flush();
            shown = line;
        }
    }

    /** Takes the line away, so that what is printed next stands alone. */
    @Override
    public void close() {
        show("");
    }
}
