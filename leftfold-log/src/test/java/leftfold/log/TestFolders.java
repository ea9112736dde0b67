// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders for tests, on the disk that the build is on: a temporary one may be in memory. */
final class TestFolders {
    private TestFolders() {}

    static Path create() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "stores")), "store");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
