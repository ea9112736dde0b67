// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where the read models are: beside the events that they are made of, or, where these are in no folder, in a temporary
 * one that goes at the end. Immutable.
 */
record ReadModelFile(Path path, boolean temporary) implements AutoCloseable {
    private static final String NAME = "read-models.db";

    /** Returns the file for the store at {@code location}; a temporary folder is made where it needs one. */
    static ReadModelFile of(String location) throws IOException {
        Path folder = Path.of(location);
        return Files.isDirectory(folder)
                ? new ReadModelFile(folder.resolve(NAME), false)
                : new ReadModelFile(Files.createTempDirectory("leftfold-").resolve(NAME), true);
    }

    /**
     * Returns the file that keeps the read models of the store at {@code location}.
     *
     * @throws IllegalArgumentException if that is no folder, whose read models go with each run
     */
    static Path beside(String location) {
        Path folder = Path.of(location);
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "read models are kept beside a store in a folder, not for " + location + "; name a folder");
        }
        return folder.resolve(NAME);
    }

    /** Deletes a temporary folder with all that is in it. */
    @Override
    public void close() throws IOException {
        if (temporary) {
            Path folder = path.resolveSibling(".").normalize();
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.delete(folder);
        }
    }
}
