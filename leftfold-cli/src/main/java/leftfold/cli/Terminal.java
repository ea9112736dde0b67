// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a command reads and writes, and its environment; tests stand in for both. Confined to one thread. */
public final class Terminal {
    private final InputStream in;
    private final Output output;
    private final Writer out;
    private final PrintStream err;
    private final Map<String, String> environment;
    private final boolean progress;

    /**
     * Creates a terminal; all text is UTF-8.
     *
     * @param progress whether a person watches {@code err}, so that long work shows how far it is
     */
    public Terminal(
            InputStream in, OutputStream out, OutputStream err, Map<String, String> environment, boolean progress) {
        this.in = in;
        this.output = new Output(out);
        this.out = new OutputStreamWriter(new BufferedOutputStream(output), StandardCharsets.UTF_8);
        this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
        this.environment = Map.copyOf(environment);
        this.progress = progress;
    }

    /** Returns standard input. */
    InputStream in() {
        return in;
    }

    /** Returns standard output, for what writes it by itself. */
    PrintWriter out() {
        return new PrintWriter(out, true);
    }

    /** Returns standard error. */
    PrintStream err() {
        return err;
    }

    /** Returns the environment variable {@code name}, or {@code otherwise} where it is not set or empty. */
    String environment(String name, String otherwise) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty() ? otherwise : value;
    }

    /** Returns whether long work shows how far it is. */
    boolean progress() {
        return progress;
    }

    /**
     * Prints one line on standard output, at once: whoever reads it may be waiting for it.
     *
     * @throws OutputClosed if nobody reads any more
     */
    void line(String line) {
        try {
            out.write(line);
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw new OutputClosed(e);
        }
    }

    /** Returns why a part of standard output was lost, or null if none was. */
    @Nullable IOException lost() {
        return output.failure;
    }

    /** Prints what is wrong, as one line on standard error. */
    void error(String message) {
        err.println("leftfold: " + Shown.line(message));
    }

    /** Standard output; it remembers its first failure, since a {@link PrintWriter} keeps that to itself. */
    private static final class Output extends FilterOutputStream {
        private @Nullable IOException failure;

        private Output(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failure = failure == null ? e : failure;
                throw e;
            }
        }
    }

    /** Standard output takes no more. */
    static final class OutputClosed extends RuntimeException {
        /** Creates the exception. */
        OutputClosed(IOException cause) {
            super(cause.getMessage(), cause);
        }

        /** Returns whether the reader just had enough, as {@code head} has after its lines. */
        boolean quiet() {
            String message = getMessage();
            return message != null && message.contains("Broken pipe");
        }
    }
}
