// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Turns Ctrl-C into an interrupt of the thread that makes this, and gives it a moment to end by itself. */
final class Interruption implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 5;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Runnable farewell;
    private final Thread hook;
    private volatile boolean asked;

    /**
     * Watches for the end of the process until this is closed.
     *
     * @param farewell runs after an interrupt, once this is closed, as the last thing in the process
     */
    Interruption(Runnable farewell) {
        this.farewell = farewell;
        Thread working = Thread.currentThread();
        hook = new Thread(() -> interrupt(working), "leftfold-interruption");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Returns whether the process is to end, so that what fails now may fail because of that. */
    boolean asked() {
        return asked;
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already; the hook saw the latch and lets it.
            return;
        }
    }

    private void interrupt(Thread working) {
        asked = true;
        working.interrupt();
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                working.interrupt();
            }
            farewell.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
