// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads bytes of a mapped file into memory before they are touched. To touch them first would have the system read
 * megabytes around each, and one after the other. Reads on threads of its own, whose channels no interrupt of a caller
 * closes. Safe for use by many threads.
 */
final class PageLoader implements Directory.Loader {
    private static final int PAGE_BYTES = 4_096; // a system with larger ones is asked more often
    private static final long TRUST_NANOS = 1_000_000_000;
    private static final int THREADS = 16;
    private static final AtomicInteger THREAD_NUMBER = new AtomicInteger();
    private static final ThreadPoolExecutor POOL = pool();

    private final Path file;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable FileChannel channel;
    private volatile @Nullable Known known;

    /** The pages of which the system said, since a time of {@link System#nanoTime}, that they are in memory. */
    private record Known(AtomicBits pages, long since) {}

    PageLoader(Path file) {
        this.file = file;
    }

    /** Does {@code pieces} of work, numbered from 0, on as many threads as help, and waits for all. */
    static void together(int pieces, IntConsumer work) {
        AtomicInteger next = new AtomicInteger();
        CompletableFuture<?>[] running = new CompletableFuture<?>[Math.min(THREADS, pieces)];
        for (int i = 0; i < running.length; i++) {
            running[i] = CompletableFuture.runAsync(
                    () -> {
                        for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
                            work.accept(piece);
                        }
                    },
                    POOL);
        }
        CompletableFuture.allOf(running).join();
    }

    /** To ask the system takes as long as to read an event. So what was in memory a moment ago counts as there. */
    @Override
    public boolean isLoaded(ByteBuffer view, int offset, int length) {
        if (!(view instanceof MappedByteBuffer mapped)) {
            return true;
        }
        AtomicBits pages = known(view.limit());
        int page = offset / PAGE_BYTES;
        int last = (offset + length - 1) / PAGE_BYTES;
        while (page <= last && pages.get(page)) {
            page++;
        }
        boolean loaded = page > last || mapped.slice(offset, length).isLoaded();
        for (; page <= last && loaded; page++) {
            pages.set(page);
        }
        return loaded;
    }

    private AtomicBits known(int viewBytes) {
        Known before = known;
        long now = System.nanoTime();
        if (before != null && now - before.since < TRUST_NANOS) {
            return before.pages;
        }
        AtomicBits pages = new AtomicBits(viewBytes / PAGE_BYTES + 1);
        known = new Known(pages, now);
        return pages;
    }

    @Override
    public void load(long offset, int length) {
        if (Thread.currentThread() instanceof LoadingThread) {
            read(offset, length);
        } else {
            CompletableFuture.runAsync(() -> read(offset, length), POOL).join();
        }
    }

    private void read(long offset, int length) {
        try {
            open().read(ByteBuffer.allocate(length), offset);
        } catch (IOException e) {
            // Who touches the bytes learns of it; this was to save time only.
        }
    }

    private FileChannel open() throws IOException {
        FileChannel open = channel;
        if (open != null) {
            return open;
        }
        opening.lock();
        try {
            FileChannel first = channel;
            if (first == null) {
                first = FileChannel.open(file, StandardOpenOption.READ);
                channel = first;
            }
            return first;
        } finally {
            opening.unlock();
        }
    }

    private static ThreadPoolExecutor pool() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), LoadingThread::new);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static final class LoadingThread extends Thread {
        LoadingThread(Runnable work) {
            super(work, "leftfold-log-load-" + THREAD_NUMBER.incrementAndGet());
            setDaemon(true);
        }
    }
}
