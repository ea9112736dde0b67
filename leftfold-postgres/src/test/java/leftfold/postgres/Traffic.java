// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that append without a pause until it is closed. */
final class Traffic implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int LOOK_MILLIS = 5;

    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger appends = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();

    Traffic(PostgresEventStore store) {
        for (int i = 0; i < THREADS; i++) {
            String account = "t" + i;
            threads.add(Thread.ofPlatform().start(() -> {
                while (!ended.get()) {
                    store.append(Accounts.append(account, 1));
                    appends.incrementAndGet();
                }
            }));
        }
    }

    /** Returns how many appends there were. */
    int count() {
        return appends.get();
    }

    /** Waits until there were so many appends more; fails if a thread has ended. */
    void awaitMore(int count) throws InterruptedException {
        int target = appends.get() + count;
        while (appends.get() < target) {
            if (!threads.stream().allMatch(Thread::isAlive)) {
                throw new AssertionError("an append failed");
            }
            new CountDownLatch(1).await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() throws InterruptedException {
        ended.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
