// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** How far long work is, on standard error where a person watches it; nothing anywhere else. */
final class Progress implements AutoCloseable {
    private static final int COLUMNS = 79;

    private final @Nullable ProgressBar bar;

    private Progress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /** Returns the progress of {@code work}, which is done at {@code end}. */
    static Progress of(Terminal terminal, String work, long end) {
        return new Progress(
                terminal.progress()
                        ? new ProgressBarBuilder()
                                .setTaskName(Shown.line(work, 24))
                                .setInitialMax(end)
                                .showSpeed()
                                .setStyle(ProgressBarStyle.ASCII)
                                .setConsumer(new ConsoleProgressBarConsumer(terminal.err(), COLUMNS))
                                .clearDisplayOnFinish()
                                .build()
                        : null);
    }

    /** Moves to {@code done}. */
    void at(long done) {
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
