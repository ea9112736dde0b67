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
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * The same workload through Leftfold and its peers, one after the other in each round, each in a new folder and alone:
 * it is opened for the round and closed after it.
 */
final class PeerCases {
    static final String ALL = "all";
    static final List<String> NAMES = List.of("append-1", "append-16", "append-batch100", "scan", "stream-100");

    private static final int STREAMS = 1_000_000;
    private static final int STREAM_READS = 1_000;
    private static final int BATCH = 100;
    private static final long ROUND_BYTES_MAX = 1_500_000_000; // files are made larger than what is in them
    private static final long BYTES_PER_SECOND_MAX = 500_000_000;
    private static final long EVENT_BYTES_MAX = 500;

    private final BenchFolder folder;
    private final Report report;
    private final Progress progress;
    private final Rounds rounds;
    private final List<Peer> peers;
    private final Map<Peer, String> failures = new LinkedHashMap<>();

    PeerCases(BenchFolder folder, Report report, Progress progress, Rounds rounds, List<Peer> peers) {
        this.folder = folder;
        this.report = report;
        this.progress = progress;
        this.rounds = rounds;
        this.peers = peers;
    }

    /**
     * Returns Leftfold and the peers of {@code names}; all that are there for {@link #ALL}.
     *
     * @throws IOException if one is not there
     */
    static List<Peer> chosen(List<String> names) throws IOException {
        List<Peer> found = new ArrayList<>();
        ServiceLoader.load(Peer.class).forEach(found::add);
        if (found.isEmpty()) {
            throw new IOException("the peers are not on the class path; run ./leftfold bench --peers");
        }
        List<Peer> chosen = new ArrayList<>(List.of(new LeftfoldPeer()));
        for (String name : names) {
            List<Peer> named = found.stream()
                    .filter(peer -> name.equals(ALL) || peer.name().equals(name))
                    .toList();
            if (named.isEmpty()) {
                String known = found.stream().map(Peer::name).collect(Collectors.joining(", "));
                throw new IOException("there is no peer " + name + "; the peers are " + known);
            }
            chosen.addAll(named);
        }
        return chosen;
    }

    /** Returns how much room the cases take at most. */
    static long bytesMax(Rounds rounds, long events, int peers) {
        return ROUND_BYTES_MAX + BYTES_PER_SECOND_MAX * rounds.millis() / 1_000 + peers * events * EVENT_BYTES_MAX;
    }

    /** Runs all cases; those that read do so in logs of about {@code events} events. */
    void run(long events) throws IOException {
        appends("append-1", 1, 1);
        appends("append-16", 16, 1);
        appends("append-batch100", 1, BATCH);
        if (report.wants("scan") || report.wants("stream-100")) {
            reads(Math.toIntExact(Math.max(BATCH, events / Layout.LONG_EVENTS / BATCH * BATCH)));
        }
        peers.forEach(peer -> report.say(peer.name() + ": " + lacks(peer)));
    }

    private String lacks(Peer peer) {
        return failures.getOrDefault(peer, peer.lacks());
    }

    private void appends(String name, int writers, int events) throws IOException {
        if (!report.wants(name)) {
            return;
        }
        Results results = new Results();
        for (int i = 0; i < rounds.count(); i++) {
            for (Peer peer : peers) {
                progress.at("%s, round %d of %d: %s".formatted(name, i + 1, rounds.count(), peer.name()));
                Measured probe = Disk.commits(folder.child("probe"), rounds.probeNanos());
                attempt(peer, folder.child("round"), log -> {
                    List<Callable<Integer>> calls = new ArrayList<>();
                    for (int writer = 0; writer < writers; writer++) {
                        PeerWriter own = new PeerWriter(log, writer, STREAMS / writers, events);
                        calls.add(own);
                    }
                    Writers.run(calls, rounds.probeNanos()); // not counted: buffers and caches fill
                    results.add(peer, Writers.run(calls, rounds.nanos()), probe);
                });
                BenchFolder.delete(folder.child("round"));
            }
        }
        print(name, results);
    }

    private void reads(int streams) throws IOException {
        Results scans = new Results();
        Results streamReads = new Results();
        for (Peer peer : peers) {
            progress.at("writing the log of " + peer.name());
            attempt(peer, folder.child(peer.name()), log -> write(log, streams));
        }
        for (int i = 0; i <= rounds.count(); i++) {
            boolean counts = i > 0; // in the first round code is compiled and files are read
            for (Peer peer : peers) {
                progress.at("reading, round %d of %d: %s".formatted(i, rounds.count(), peer.name()));
                attempt(peer, folder.child(peer.name()), log -> {
                    Measured scan = scan(log, (long) streams * Layout.LONG_EVENTS);
                    if (counts) {
                        scans.add(peer, scan);
                    }
                    if (peer.readsStreams()) {
                        Measured read = readStreams(log, streams);
                        if (counts) {
                            streamReads.add(peer, read);
                        }
                    }
                });
            }
        }
        print("scan", scans);
        print("stream-100", streamReads);
        for (Peer peer : peers) {
            BenchFolder.delete(folder.child(peer.name()));
        }
    }

    /** Every stream gets one event in each of 100 turns. */
    private void write(PeerLog log, int streams) throws Exception {
        Facts facts = new Facts(streams);
        for (int version = 1; version <= Layout.LONG_EVENTS; version++) {
            for (int from = 0; from < streams; from += BATCH) {
                List<PeerEvent> events = new ArrayList<>(BATCH);
                for (int stream = from; stream < from + BATCH; stream++) {
                    events.add(new PeerEvent(stream, version, facts.data()));
                }
                log.append(events);
            }
        }
    }

    private static Measured scan(PeerLog log, long events) throws Exception {
        long start = System.nanoTime();
        long read = log.scan();
        if (read != events) {
            throw new IOException("a scan found " + read + " of " + events + " events");
        }
        return Measured.ofOne(read, System.nanoTime() - start);
    }

    private static Measured readStreams(PeerLog log, int streams) throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        Histogram latencies = Measured.histogram();
        long start = System.nanoTime();
        long before = start;
        for (int i = 0; i < STREAM_READS; i++) {
            int read = log.readStream(random.nextInt(streams));
            if (read != Layout.LONG_EVENTS) {
                throw new IOException("a stream of " + Layout.LONG_EVENTS + " events had " + read);
            }
            long after = System.nanoTime();
            latencies.recordValue(after - before);
            before = after;
        }
        return new Measured((long) STREAM_READS * Layout.LONG_EVENTS, before - start, latencies);
    }

    /** Runs {@code use} on the peer's log; a peer that fails once is left out from then on. */
    private void attempt(Peer peer, Path path, Use use) throws IOException {
        if (failures.containsKey(peer)) {
            return;
        }
        Files.createDirectories(path);
        try (PeerLog log = peer.open(path)) {
            use.on(log);
        } catch (Exception | LinkageError e) { // a peer may not fit this JVM or this machine
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
        for (Peer peer : peers) {
            String failure = failures.get(peer);
            List<Measured> measured = results.of(peer);
            Row row = Row.of(name, measured, Goal.NONE).withProbes(results.probes(peer));
            if (failure != null) {
                row = Row.notMeasured(name, Goal.NONE, failure);
            } else if (measured.isEmpty()) {
                row = Row.notMeasured(name, Goal.NONE, "it has no streams to read");
            }
            report.print(row.with("peer", peer.name()).with("lacks", lacks(peer)));
        }
    }

    /** What was measured of each peer. */
    private static final class Results {
        private final Map<Peer, List<Measured>> rounds = new LinkedHashMap<>();
        private final Map<Peer, List<Measured>> probes = new LinkedHashMap<>();

        void add(Peer peer, Measured round) {
            rounds.computeIfAbsent(peer, key -> new ArrayList<>()).add(round);
        }

        void add(Peer peer, Measured round, Measured probe) {
            add(peer, round);
            probes.computeIfAbsent(peer, key -> new ArrayList<>()).add(probe);
        }

        List<Measured> of(Peer peer) {
            return rounds.getOrDefault(peer, List.of());
        }

        List<Measured> probes(Peer peer) {
            return probes.getOrDefault(peer, List.of());
        }
    }

    private interface Use {
        void on(PeerLog log) throws Exception;
    }
}
