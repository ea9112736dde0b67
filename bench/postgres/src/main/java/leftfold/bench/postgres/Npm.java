// SPDX-License-Identifier: Apache-2.0
package leftfold.bench.postgres;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The packages of npm that the peers need, in the versions of a lock file, installed into a folder of the run. */
final class Npm {
    private static final List<String> FILES = List.of("package.json", "package-lock.json", "emmett.mjs");

    private Npm() {}

    /**
     * Returns the folder below {@code folder} in which the peers' scripts are, and {@code node_modules}.
     *
     * @throws IOException if there is no npm, or it cannot install them
     */
    static Path install(Path folder) throws IOException, InterruptedException {
        Path packages = folder.resolve("npm");
        Path done = packages.resolve("done");
        if (!Files.exists(done)) {
            Files.createDirectories(packages);
            for (String file : FILES) {
                copy(file, packages);
            }
            Process npm = start(
                    packages.resolve("npm-errors"),
                    new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund").directory(packages.toFile()));
            npm.getInputStream().readAllBytes();
            if (npm.waitFor() != 0) {
                throw new IOException("npm cannot install the packages: " + error(packages.resolve("npm-errors")));
            }
            Files.createFile(done);
        }
        return packages;
    }

    private static void copy(String file, Path packages) throws IOException {
        try (InputStream source = Npm.class.getResourceAsStream("npm/" + file)) {
            if (source == null) {
                throw new FileNotFoundException(file + " is not on the class path");
            }
            Files.write(packages.resolve(file), source.readAllBytes());
        }
    }

    /**
     * Starts a program of Node.js, that complains into the file {@code errors}.
     *
     * @throws IOException if it is not there
     */
    static Process start(Path errors, ProcessBuilder program) throws IOException {
        try {
            return program.redirectError(errors.toFile()).start();
        } catch (IOException e) {
            throw new IOException(
                    program.command().getFirst() + " does not run; put Node.js 20 or newer on the PATH", e);
        }
    }

    /** Returns the first line in which the program says what is wrong. */
    static String error(Path errors) throws IOException {
        List<String> lines = Files.readAllLines(errors, StandardCharsets.UTF_8);
        return lines.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).contains("err"))
                .findFirst()
                .orElse(lines.isEmpty() ? "it does not say why" : lines.getFirst());
    }
}
