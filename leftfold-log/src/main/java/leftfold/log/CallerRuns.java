// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs what it is given at once, on the thread that gives it. */
final class CallerRuns extends AbstractExecutorService {
    static final CallerRuns EXECUTOR = new CallerRuns();

    private CallerRuns() {}

    /**
     * Returns what {@code done}, which was run here, returns. Waits if a system runs it elsewhere after all, and keeps
     * an interrupt for later.
     */
    static int result(Future<Integer> done) throws IOException {
        try {
            Uninterrupted.run(done::get);
            return done.resultNow();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        }
    }

    @Override
    public void execute(Runnable command) {
        command.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }
}
