// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.HdrHistogram.Histogram;

/** What the disk itself can do: a loop of small writes and {@code force(false)} over a file of zeros. */
final class Disk {
    private static final int WRITE_BYTES = 512;
    private static final int FILE_BYTES = 16 << 20;

    private Disk() {}

    /** Returns how fast the loop ran for about {@code nanos}. */
    static Measured probe(Path file, long nanos) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(FILE_BYTES);
            channel.write(zeros, 0);
            channel.force(true);
            ByteBuffer bytes = ByteBuffer.allocateDirect(WRITE_BYTES);
            Histogram latencies = Measured.histogram();
            long start = System.nanoTime();
            long end = start;
            long offset = 0;
            long writes = 0;
            while (end - start < nanos) {
                long before = end;
                channel.write(bytes.clear(), offset);
                channel.force(false);
                offset = (offset + WRITE_BYTES) % FILE_BYTES;
                end = System.nanoTime();
                latencies.recordValue(end - before);
                writes++;
            }
            return new Measured(writes, end - start, latencies);
        } finally {
            Files.delete(file);
        }
    }
}
