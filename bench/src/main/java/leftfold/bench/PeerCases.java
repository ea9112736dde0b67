// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * The same workload through Leftfold and its peers, one after the other in each round, each in a new folder and alone:
 * it is opened for the round and closed after it.
 */
final class PeerCases {
    static final String ALL = "all";

    private static final int STREAM_READS = 1_000;
    private static final long ROUND_BYTES_MAX = 1_500_000_000; // files are made larger than what is in them
    private static final long BYTES_PER_SECOND_MAX = 500_000_000;
    private static final long EVENT_BYTES_MAX = 500;

    private final BenchFolder folder;
    private final Report report;
    private final Progress progress;
    private final Rounds rounds;
    private final PeerPlan plan;
    private final List<Peer> peers;
    private final Map<Peer, String> failures = new LinkedHashMap<>();

    PeerCases(Run run, PeerPlan plan, List<Peer> peers) {
        this.folder = run.folder();
        this.report = run.report();
        this.progress = run.progress();
        this.rounds = run.rounds();
        this.plan = plan;
        this.peers = peers;
    }

    /**
     * Returns Leftfold and the peers of {@code names}; all that are there for {@link #ALL}.
     *
     * @throws IOException if one is not there
     */
    static List<Peer> chosen(List<String> names) throws IOException {
        List<Peer> chosen = new ArrayList<>(List.of(new LeftfoldPeer()));
        chosen.addAll(chosen(names, ServiceLoader.load(Peer.class), Peer::name));
        return chosen;
    }

    /** Returns those of {@code found} that {@code names} name. */
    static <P> List<P> chosen(List<String> names, Iterable<P> found, Function<P, String> name) throws IOException {
        Map<String, P> known = new LinkedHashMap<>();
        found.forEach(peer -> known.put(name.apply(peer), peer));
        if (known.isEmpty()) {
            throw new IOException("the peers are not on the class path; run ./leftfold bench --peers");
        }
        List<P> chosen = new ArrayList<>();
        for (String one : names) {
            if (one.equals(ALL)) {
                chosen.addAll(known.values());
            } else if (known.containsKey(one)) {
                chosen.add(known.get(one));
            } else {
                throw new IOException(
                        "there is no peer " + one + "; the peers are " + String.join(", ", known.keySet()));
            }
        }
        return chosen;
    }

    /** Returns how much room the cases take at most. */
    static long bytesMax(Rounds rounds, long events, int peers) {
        return ROUND_BYTES_MAX + BYTES_PER_SECOND_MAX * 4 * rounds.millis() / 1_000 + peers * events * EVENT_BYTES_MAX;
    }

    /** Runs all cases; those that read do so in logs of about {@code events} events. */
    void run(long events) throws IOException {
        List<PeerPlan.AppendCase> wanted = plan.appends().stream()
                .filter(each -> report.wants(each.name()))
                .toList();
        if (!wanted.isEmpty()) {
            appends(wanted);
        }
        if (report.wants(plan.scan()) || report.wants(plan.stream())) {
            reads(Math.toIntExact(
                    Math.max(PeerLoops.BATCH, events / Layout.LONG_EVENTS / PeerLoops.BATCH * PeerLoops.BATCH)));
        }
        peers.forEach(peer -> report.say(peer.name() + ": " + lacks(peer)));
    }

    private String lacks(Peer peer) {
        return failures.getOrDefault(peer, peer.lacks());
    }

    private void appends(List<PeerPlan.AppendCase> cases) throws IOException {
        Map<PeerPlan.AppendCase, Results> results = new LinkedHashMap<>();
        cases.forEach(each -> results.put(each, new Results()));
        for (int i = 0; i < rounds.count(); i++) {
            for (Peer peer : peers) {
                progress.at("appending, round %d of %d: %s".formatted(i + 1, rounds.count(), peer.name()));
                attempt(peer, folder.child("round"), log -> {
                    for (Map.Entry<PeerPlan.AppendCase, Results> each : results.entrySet()) {
                        append(peer, log, each.getKey(), each.getValue());
                    }
                });
                BenchFolder.delete(folder.child("round"));
            }
        }
        results.forEach((each, found) -> print(each.name(), found));
    }

    private void append(Peer peer, PeerLoops log, PeerPlan.AppendCase appends, Results results) throws Exception {
        int first = plan.appends().indexOf(appends) * PeerLoad.STREAMS; // each case has streams of its own
        PeerLoops.Appends loop = log.appends(new PeerLoad(appends.writers(), appends.events(), first));
        Measured probe = Disk.commits(folder.child("probe"), rounds.probeNanos());
        loop.run(rounds.probeNanos()); // not counted: buffers and caches fill
        results.add(peer, onServer(peer, () -> loop.run(rounds.nanos())), List.of(probe));
    }

    private void reads(int streams) throws IOException {
        Results scans = new Results();
        Results streamReads = new Results();
        for (Peer peer : peers) {
            progress.at("writing the log of " + peer.name());
            attempt(peer, folder.child(peer.name()), log -> {
                log.write(streams);
                read(peer, log, streams, new Results(), new Results()); // not counted: code is compiled
            });
        }
        for (int i = 0; i < rounds.count(); i++) {
            for (Peer peer : peers) {
                progress.at("reading, round %d of %d: %s".formatted(i + 1, rounds.count(), peer.name()));
                attempt(peer, folder.child(peer.name()), log -> read(peer, log, streams, scans, streamReads));
            }
        }
        print(plan.scan(), scans);
        print(plan.stream(), streamReads);
        for (Peer peer : peers) {
            BenchFolder.delete(folder.child(peer.name()));
        }
    }

    private static void read(Peer peer, PeerLoops log, int streams, Results scans, Results streamReads)
            throws Exception {
        scans.add(peer, onServer(peer, () -> scan(log, (long) streams * Layout.LONG_EVENTS)), List.of());
        if (peer.readsStreams()) {
            streamReads.add(peer, onServer(peer, () -> log.readStreams(streams, STREAM_READS)), List.of());
        }
    }

    private static Served onServer(Peer peer, Callable<Measured> round) throws Exception {
        long before = peer.serverCpuNanos();
        Measured measured = round.call();
        return new Served(measured, peer.serverCpuNanos() - before);
    }

    private static Measured scan(PeerLoops log, long events) throws Exception {
        long start = System.nanoTime();
        long read = log.scan();
        if (read != events) {
            throw new IOException("a scan found " + read + " of " + events + " events");
        }
        return Measured.ofOne(read, System.nanoTime() - start);
    }

    /** Runs {@code use} on the peer's log; a peer that fails once is left out from then on. */
    private void attempt(Peer peer, Path path, Use use) throws IOException {
        if (failures.containsKey(peer)) {
            return;
        }
        Files.createDirectories(path);
        try (PeerLoops log = peer.open(path)) {
            use.on(log);
        } catch (Exception | Error e) { // a peer may fail in any way on a JVM or a machine that it does not fit
            failures.put(
                    peer, "failed: " + String.valueOf(e).lines().findFirst().orElse(""));
        }
    }

    private void print(String name, Results results) {
        progress.close();
        if (!report.wants(name)) {
            return;
        }
        report.say(name);
        Map<String, Row> others = new LinkedHashMap<>();
        for (Peer peer : peers.subList(1, peers.size())) {
            others.put(peer.name(), row(name, peer, results, Goal.NONE));
        }
        Map<String, Row> measured = new LinkedHashMap<>(others);
        measured.values().removeIf(row -> row.rounds().isEmpty());
        report.print(row(name, peers.getFirst(), results, plan.goals().of(name, measured)));
        others.values().forEach(report::print);
    }

    private Row row(String name, Peer peer, Results results, Goal goal) {
        List<Measured> measured = results.of(peer);
        Row row = Row.of(name, measured, goal).withProbes(results.probes(peer));
        if (failures.containsKey(peer)) {
            row = Row.notMeasured(name, goal, "it did not run");
        } else if (measured.isEmpty()) {
            row = Row.notMeasured(name, goal, "it has no streams to read");
        } else if (results.cpuMicros(peer) > 0) {
            row = row.with("server_cpu_us_per_event", results.cpuMicros(peer))
                    .withNote("server %.1f us CPU an event".formatted(results.cpuMicros(peer)));
        }
        return row.with("peer", peer.name()).with("lacks", lacks(peer));
    }

    /** A round, and the CPU time that the peer's server took for it. */
    private record Served(Measured measured, long cpuNanos) {}

    /** What was measured of each peer. */
    private static final class Results {
        private final Map<Peer, List<Served>> rounds = new LinkedHashMap<>();
        private final Map<Peer, List<Measured>> probes = new LinkedHashMap<>();

        void add(Peer peer, Served round, List<Measured> probe) {
            rounds.computeIfAbsent(peer, key -> new ArrayList<>()).add(round);
            probes.computeIfAbsent(peer, key -> new ArrayList<>()).addAll(probe);
        }

        List<Measured> of(Peer peer) {
            return served(peer).stream().map(Served::measured).toList();
        }

        double cpuMicros(Peer peer) {
            long events = of(peer).stream().mapToLong(Measured::events).sum();
            return served(peer).stream().mapToLong(Served::cpuNanos).sum() / 1e3 / events;
        }

        List<Measured> probes(Peer peer) {
            return probes.getOrDefault(peer, List.of());
        }

        private List<Served> served(Peer peer) {
            return rounds.getOrDefault(peer, List.of());
        }
    }

    private interface Use {
        void on(PeerLoops log) throws Exception;
    }
}
