// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** What the disk itself needs for blocks all over a file, read by sixteen threads. */
final class RandomReads implements AutoCloseable {
    static final int BLOCK_BYTES = 4_096;
    private static final int THREADS = 16;

    private static final int FILE_BLOCKS = (128 << 20) / BLOCK_BYTES;

    private final Path path;
    private final FileChannel file;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final SplittableRandom random = new SplittableRandom(1);

    private RandomReads(Path path, FileChannel file) {
        this.path = path;
        this.file = file;
    }

    /** Writes the file. */
    static RandomReads create(Path path) throws IOException {
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        RandomReads reads = new RandomReads(path, file);
        try {
            byte[] block = new byte[BLOCK_BYTES];
            for (int i = 0; i < FILE_BLOCKS; i++) {
                reads.random.nextBytes(block);
                file.write(ByteBuffer.wrap(block));
            }
            file.force(true);
            return reads;
        } catch (IOException e) {
            reads.close();
            throw e;
        }
    }

    /** Returns how many nanoseconds it takes to read so many blocks. */
    long nanos(long blocks) throws IOException {
        long inFile = file.size() / BLOCK_BYTES;
        long[] offsets = random.longs(blocks, 0, inFile)
                .map(block -> block * BLOCK_BYTES)
                .toArray();
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        List<Future<?>> running = IntStream.range(0, THREADS)
                .<Future<?>>mapToObj(thread -> threads.submit(() -> {
                    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
                    for (int i = next.getAndIncrement(); i < offsets.length; i = next.getAndIncrement()) {
                        file.read(block.clear(), offsets[i]);
                    }
                    return null;
                }))
                .toList();
        try {
            for (Future<?> one : running) {
                one.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IOException("cannot read at random", e);
        }
        return System.nanoTime() - start;
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        file.close();
        Files.delete(path);
    }
}
