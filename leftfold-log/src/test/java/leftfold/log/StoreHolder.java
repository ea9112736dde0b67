// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/** A process of its own that opens a store and keeps it until it is killed. */
final class StoreHolder implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private StoreHolder(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /** Starts a process that opens the store in {@code folder}. */
    static StoreHolder start(Path folder) throws IOException {
        return new StoreHolder(new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreHolder.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start());
    }

    /** Returns the first line of a process that opens the store in {@code folder}: that it could, or why not. */
    static String answer(Path folder) throws IOException, InterruptedException {
        try (StoreHolder holder = start(folder)) {
            return holder.answer();
        }
    }

    /** Returns the next line that the process prints: first that it has the store open, or why not. */
    String answer() throws IOException {
        return output.readLine();
    }

    long pid() {
        return process.pid();
    }

    /** Kills the process. */
    @Override
    public void close() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        output.close();
    }

    public static void main(String[] args) throws IOException {
        LogEventStore store = LogEventStore.open(Path.of(args[0]));
        System.out.println("open");
        System.in.read();
        store.close();
    }
}
