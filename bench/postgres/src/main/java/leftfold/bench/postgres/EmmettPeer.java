// SPDX-License-Identifier: Apache-2.0
package leftfold.bench.postgres;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import leftfold.bench.Measured;
import leftfold.bench.PeerLoad;
import leftfold.bench.PeerLoops;
import leftfold.bench.PostgresPeer;
import org.HdrHistogram.Histogram;

/** Emmett, out of its npm package, in a process of Node.js that runs the loops of the workload: {@code emmett.mjs}. */
public final class EmmettPeer implements PostgresPeer {
    @Override
    public String name() {
        return "emmett";
    }

    @Override
    public String lacks() {
        return "its own client, in Node.js; followers can miss and repeat events that are committed out of order; no"
                + " index for following: each page sorts the table";
    }

    @Override
    public PeerLoops open(String url, Path folder) throws IOException, InterruptedException {
        Path packages = Npm.install(folder.toAbsolutePath().resolve("..").normalize());
        Path errors = folder.resolve("node-errors");
        Process node = Npm.start(
                errors,
                new ProcessBuilder(
                                "node",
                                "emmett.mjs",
                                url.substring("jdbc:".length()),
                                Integer.toString(CONNECTIONS_MAX))
                        .directory(packages.toFile()));
        Loops loops = new Loops(node, errors);
        loops.ask("migrate");
        return loops;
    }

    /** Asks the process for each loop, a line for a line. Confined to one thread. */
    private static final class Loops implements PeerLoops {
        private static final int CLOSE_SECONDS_MAX = 10;

        private final Process node;
        private final Path errors;
        private final BufferedWriter requests;
        private final BufferedReader answers;

        Loops(Process node, Path errors) {
            this.node = node;
            this.errors = errors;
            this.requests = node.outputWriter();
            this.answers = node.inputReader();
        }

        /** Returns the numbers of the answer. */
        private long[] ask(Object... words) throws IOException {
            requests.write(
                    String.join(" ", Arrays.stream(words).map(String::valueOf).toList()));
            requests.newLine();
            requests.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new IOException("node ended: " + Npm.error(errors));
            }
            List<String> found = List.of(answer.split(" "));
            if (!found.getFirst().equals("ok")) {
                throw new IOException("emmett: " + answer);
            }
            return found.stream().skip(1).mapToLong(Long::parseLong).toArray();
        }

        private static Measured measured(long[] answer) {
            Histogram latencies = Measured.histogram();
            Arrays.stream(answer).skip(2).forEach(latencies::recordValue);
            return new Measured(answer[0], answer[1], latencies);
        }

        @Override
        public Appends appends(PeerLoad load) throws IOException {
            ask("writers", load.writers(), load.events(), load.firstStream(), load.streamsOfWriter());
            return nanos -> measured(ask("run", nanos));
        }

        @Override
        public void write(int streams) throws IOException {
            ask("fill", streams);
        }

        @Override
        public long scan() throws IOException {
            return ask("scan")[0];
        }

        @Override
        public Measured readStreams(int streams, int reads) throws IOException {
            return measured(ask("streams", streams, reads));
        }

        @Override
        public void close() throws IOException, InterruptedException {
            try (answers) {
                requests.close(); // at the end of its input it closes its connections and ends
                if (!node.waitFor(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                    throw new IOException("node did not end");
                }
            } finally {
                node.destroyForcibly();
            }
        }
    }
}
