// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

/** Waits that an interrupt does not end. */
final class Uninterrupted {
    private Uninterrupted() {}

    /** Something to wait for, which can be begun again. */
    interface Wait<X extends Exception> {
        void run() throws InterruptedException, X;
    }

    /** Waits until {@code wait} is over, again after each interrupt, which the thread is told of in the end. */
    static <X extends Exception> void run(Wait<X> wait) throws X {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    wait.run();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
