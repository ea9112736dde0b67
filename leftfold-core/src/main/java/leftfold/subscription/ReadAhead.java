// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import leftfold.store.Batch;
import leftfold.store.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that reads the next batch while its caller is busy with the last one, as long as there is more to read
 * at once; at the end of the log it is the subscription behind it. That one is used by one thread at a time. Confined
 * to the follower's thread, but for {@link #close}.
 */
final class ReadAhead implements Subscription {
    private final Subscription source;
    private @Nullable FutureTask<Batch> reading;

    ReadAhead(Subscription source) {
        this.source = source;
    }

    @Override
    public Batch next(int eventsMax, Duration wait) throws InterruptedException {
        FutureTask<Batch> ahead = reading;
        Batch batch = ahead == null ? source.next(eventsMax, wait) : read(ahead);
        reading = null; // not before: after an interrupt the next call takes what this one waited for
        if (!batch.caughtUp()) {
            FutureTask<Batch> next = new FutureTask<>(() -> source.next(eventsMax, Duration.ZERO));
            reading = next;
            Thread.ofVirtual().name("leftfold-read-ahead").start(next);
        }
        return batch;
    }

    /** Ends the subscription behind it. */
    @Override
    public void close() {
        source.close();
    }

    /** Waits until nothing is being read any more, which is soon after it was closed, or the thread is interrupted. */
    void awaitIdle() {
        FutureTask<Batch> ahead = reading;
        reading = null;
        if (ahead != null) {
            try {
                ahead.get();
            } catch (ExecutionException e) {
                return; // nobody asks for what could not be read
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Batch read(FutureTask<Batch> ahead) throws InterruptedException {
        try {
            return ahead.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new AssertionError(e);
            }
        }
    }
}
