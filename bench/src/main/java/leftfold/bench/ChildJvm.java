// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process that runs {@link Child}, killed when it is closed. Confined to one thread. */
final class ChildJvm implements AutoCloseable {
    static final int HEAP_MB = 512;

    private final Process process;
    private final BufferedReader lines;
    private final Path errors;

    private ChildJvm(Process process, Path errors) {
        this.process = process;
        this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.errors = errors;
    }

    /** Starts a child with {@code args}; what it complains of goes to the file {@code errors}. */
    static ChildJvm start(Path errors, List<String> args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MB + "m",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName()));
        command.addAll(args);
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        return new ChildJvm(process, errors);
    }

    /** Returns what a child prints with {@code args}, once it has ended. */
    static List<String> run(Path errors, List<String> args) throws IOException, InterruptedException {
        try (ChildJvm child = start(errors, args)) {
            List<String> printed = new ArrayList<>();
            for (String line = child.line(); line != null; line = child.line()) {
                printed.add(line);
            }
            child.checkEnd();
            return printed;
        }
    }

    /** Returns the next line that it prints; null if there is none any more. */
    @Nullable String line() throws IOException {
        return lines.readLine();
    }

    /**
     * Waits for its end.
     *
     * @throws IOException with what it complained of, if it failed
     */
    void checkEnd() throws IOException, InterruptedException {
        if (process.waitFor() != 0) {
            String why = Files.readAllLines(errors).stream()
                    .filter(line -> !line.startsWith("WARNING"))
                    .findFirst()
                    .orElse("exit code " + process.exitValue());
            throw new IOException("a JVM with a heap of " + HEAP_MB + " MiB failed: " + why);
        }
    }

    /** Kills it as {@code kill -9} does, and waits until it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        lines.close();
    }
}
