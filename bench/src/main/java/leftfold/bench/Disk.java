// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.HdrHistogram.Histogram;

/** What the disk itself can do: a loop of writes and {@code force(false)} over a file of zeros. */
final class Disk {
    private static final int COMMIT_BYTES = 512;
    private static final int COMMITS_FILE_BYTES = 16 << 20;
    private static final int LARGE_BYTES = 1 << 20;
    private static final int LARGE_FILE_BYTES = 128 << 20;

    private Disk() {}

    /** Returns how fast small writes are, each synced, in about {@code nanos}. */
    static Measured commits(Path file, long nanos) throws IOException {
        return loop(file, COMMIT_BYTES, COMMITS_FILE_BYTES, nanos);
    }

    /** Returns how many bytes a second large writes bring to the disk, each synced, in about {@code nanos}. */
    static double bytesPerSecond(Path file, long nanos) throws IOException {
        return loop(file, LARGE_BYTES, LARGE_FILE_BYTES, nanos).eventsPerSecond() * LARGE_BYTES;
    }

    private static Measured loop(Path file, int writeBytes, int fileBytes, long nanos) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(LARGE_BYTES);
            for (int offset = 0; offset < fileBytes; offset += LARGE_BYTES) {
                channel.write(bytes.clear(), offset);
            }
            channel.force(true);
            Histogram latencies = Measured.histogram();
            long start = System.nanoTime();
            long end = start;
            long offset = 0;
            long writes = 0;
            while (end - start < nanos) {
                long before = end;
                channel.write(bytes.clear().limit(writeBytes), offset);
                channel.force(false);
                offset = (offset + writeBytes) % fileBytes;
                end = System.nanoTime();
                latencies.recordValue(end - before);
                writes++;
            }
            return new Measured(writes, end - start, latencies);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
