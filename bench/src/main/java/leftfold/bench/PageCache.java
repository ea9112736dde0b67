// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The operating system's cache of file contents, where Linux lets us at it. */
final class PageCache {
    /** What Linux reads the request to empty the cache from. */
    static final Path DROP = Path.of("/proc/sys/vm/drop_caches");

    private static final Path IO = Path.of("/proc/self/io");

    private PageCache() {}

    /** Empties the cache of all that is on the disk already; {@code file} is {@link #DROP}, or a test's. */
    static void drop(Path file) throws IOException {
        Files.writeString(file, "1\n");
    }

    /** Returns how many bytes this process has had read from storage, those of mapped files included. */
    static long bytesRead() throws IOException {
        if (Files.exists(IO)) {
            for (String line : Files.readAllLines(IO)) {
                if (line.startsWith("read_bytes: ")) {
                    return Long.parseLong(line.substring(line.indexOf(' ') + 1));
                }
            }
        }
        return 0;
    }
}
