// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for what a run writes, removed when it is closed or the process is told to end. */
record BenchFolder(Path path, Thread onExit) implements AutoCloseable {
    static BenchFolder create(Path parent) throws IOException {
        Path path = Files.createTempDirectory(Files.createDirectories(parent), "run");
        Thread onExit = new Thread(() -> deleteWhileOthersWrite(path), "leftfold-bench-clean");
        Runtime.getRuntime().addShutdownHook(onExit);
        return new BenchFolder(path, onExit);
    }

    Path child(String name) {
        return path.resolve(name);
    }

    /**
     * Checks that there is room before anything is written.
     *
     * @throws IOException if fewer than {@code bytes} are free
     */
    void checkRoom(long bytes) throws IOException {
        long free = Files.getFileStore(path).getUsableSpace();
        if (free < bytes) {
            throw new IOException(
                    "this run can take %.1f GB in %s, where %.1f GB are free; give --dir another folder or run less"
                            .formatted(bytes / 1e9, path.getParent(), free / 1e9));
        }
    }

    @Override
    public void close() throws IOException {
        delete(path);
        Runtime.getRuntime().removeShutdownHook(onExit);
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** When the process is told to end, what it runs goes on for a moment and may make new files. */
    private static void deleteWhileOthersWrite(Path folder) {
        for (int attempt = 0; attempt < 100 && Files.exists(folder); attempt++) {
            try {
                delete(folder);
            } catch (IOException | UncheckedIOException e) {
                Thread.onSpinWait(); // a file came or went in between; the next attempt sees the folder as it is then
            }
        }
    }
}
