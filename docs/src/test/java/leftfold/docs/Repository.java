// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tracked files of a repository. Immutable.
 *
 * @param files in the order of their paths
 */
record Repository(List<TextFile> files) {

    /** Returns the repository that this test runs in: the folder above it that has {@code .mvn}. */
    static Repository here() {
        Path root = root();
        return new Repository(tracked(root)
                .filter(path -> Files.isRegularFile(root.resolve(path)))
                .map(path -> new TextFile(path, read(root.resolve(path))))
                .toList());
    }

    /** Returns a repository made up for a test, from paths to texts. */
    static Repository of(Map<String, String> texts) {
        return new Repository(texts.entrySet().stream()
                .map(entry -> new TextFile(entry.getKey(), entry.getValue()))
                .toList());
    }

    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve(".mvn"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("no folder above this one has .mvn; run the tests inside a checkout");
        }
        return folder;
    }

    /** Returns the file at {@code path}, if it is tracked. */
    Optional<TextFile> file(String path) {
        return files.stream().filter(file -> file.path().equals(path)).findFirst();
    }

    /** Returns whether a file or a folder with files is at {@code path}. */
    boolean has(String path) {
        return files.stream()
                .anyMatch(file -> file.path().equals(path) || file.path().startsWith(path + "/") || path.isEmpty());
    }

    Stream<TextFile> java() {
        return files.stream().filter(TextFile::isJava);
    }

    Stream<TextFile> markdown() {
        return files.stream().filter(TextFile::isMarkdown);
    }

    /** Asks git, for a folder may hold stores and other files that are no part of the project. */
    private static Stream<String> tracked(Path root) {
        try {
            // Another user's checkout, as containers mount them, is refused by git unless this says that it is meant.
            Process git = new ProcessBuilder("git", "-c", "safe.directory=*", "ls-files", "-z")
                    .directory(root.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String paths = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (git.waitFor() != 0) {
                throw new IllegalStateException("git ls-files failed in " + root + "; run the tests inside a checkout");
            }
            return Stream.of(paths.split("\0", 0)).sorted();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while git listed the files", e);
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
