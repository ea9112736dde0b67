// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import leftfold.subscription.Follower;
import leftfold.subscription.FollowerStatus;

/**
 * Read models that are being built anew. Until it is closed it also keeps up to date those that are shown already; then
 * a runner of the projection goes on with them. Safe for use by many threads.
 */
public final class Rebuild implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(20);

    private final List<Part> parts;

    /** One projection's. */
    record Part(Follower follower, BuildSink sink) {
        boolean failed() {
            return follower.status().state() instanceof FollowerStatus.State.Failed;
        }
    }

    Rebuild(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Returns where each projection's new build stands, in the order in which they were named. */
    public List<FollowerStatus> status() {
        return parts.stream().map(part -> part.follower().status()).toList();
    }

    /** Returns whether readers see all the new builds. */
    public boolean shown() {
        return parts.stream().allMatch(part -> part.sink().shown());
    }

    /** Returns whether nothing more is to come: readers see each new build, or it has failed. */
    public boolean ended() {
        return parts.stream().allMatch(part -> part.sink().shown() || part.failed());
    }

    /**
     * Waits until readers see all the new builds, and returns whether they do; false once {@code timeout} is over, or
     * when one has failed and the others are shown: {@link #status} says why.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean await(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
        while (System.nanoTime() < deadline) {
            if (ended()) {
                break;
            }
            new CountDownLatch(1).await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
        return shown();
    }

    /** Ends it. What is not shown yet is gone on with by the next rebuild. */
    @Override
    public void close() {
        parts.forEach(part -> part.follower().close());
    }
}
