// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** {@code ./leftfold bench --postgres}. */
final class PostgresRun {
    private static final long EVENT_BYTES_MAX = 1_500; // indexes and log included
    private static final long SERVER_BYTES_MAX = 6_000_000_000L; // binaries, and 4 GB of write-ahead log

    private PostgresRun() {}

    static List<String> names() {
        return Stream.concat(PeerPlan.POSTGRES.names().stream(), PostgresCases.NAMES.stream())
                .toList();
    }

    /** Runs all cases with about {@code events} events, and those peers beside Leftfold. */
    static void run(Run run, long events, List<String> names) throws Exception {
        PostgresServer server = ServiceLoader.load(PostgresServer.class)
                .findFirst()
                .orElseThrow(() -> new IOException(
                        "the PostgreSQL server is not on the class path; run ./leftfold bench --postgres"));
        List<PostgresPeer> chosen = new ArrayList<>(List.of(new LeftfoldPostgresPeer(), new InsertPeer()));
        if (!names.isEmpty()) {
            chosen.addAll(PeerCases.chosen(names, ServiceLoader.load(PostgresPeer.class), PostgresPeer::name));
        }
        run.folder().checkRoom(SERVER_BYTES_MAX + (chosen.size() + 1) * events * EVENT_BYTES_MAX);
        Files.createDirectories(run.folder().path());
        try (PostgresServer.Running running = server.start(run.folder().child("postgres"))) {
            List<Peer> peers = chosen.stream()
                    .<Peer>map(peer -> new HostedPeer(peer, running))
                    .toList();
            if (PeerPlan.POSTGRES.names().stream().anyMatch(run.report()::wants)) {
                new PeerCases(run, PeerPlan.POSTGRES, peers).run(events);
            }
            new PostgresCases(run, running, events).run();
        }
    }
}
