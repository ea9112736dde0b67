// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line as a user has it, with one store. */
final class Commands {
    private final String store;

    Commands(Path store) {
        this(store.toString());
    }

    Commands(String store) {
        this.store = store;
    }

    /** What a command left behind. */
    record Outcome(int exitCode, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }

        List<JsonNode> json() {
            return out.lines().map(JsonMapper.shared()::readTree).toList();
        }
    }

    /** Runs a command on the store. */
    Outcome run(String... args) {
        return runWith("", args);
    }

    /** Runs a command on the store that finds {@code input} on its standard input. */
    Outcome runWith(String input, String... args) {
        String[] withStore =
                Stream.concat(Arrays.stream(args), Stream.of("--store", store)).toArray(String[]::new);
        return runBare(Map.of(), input, withStore);
    }

    /** Runs a command as it is written, with this environment. */
    static Outcome runBare(Map<String, String> environment, String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        int exitCode = Main.run(new Terminal(in, out, err, environment, false), args);
        return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Returns a copy of the sample {@code name} in {@code folder}. */
    static String sample(Path folder, String name) {
        Path copy = folder.resolve(name);
        try (InputStream sample = Commands.class.getResourceAsStream(name)) {
            Files.copy(Objects.requireNonNull(sample), copy);
            return copy.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
