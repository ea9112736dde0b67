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

    private static final int BATCH = 100;
    private static final List<AppendCase> APPENDS = List.of(
            new AppendCase("append-1", 1, 1),
            new AppendCase("append-16", 16, 1),
            new AppendCase("append-batch100", 1, BATCH));

    private static final int STREAMS = 1_000_000;
    private static final int STREAM_READS = 1_000;
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
        return ROUND_BYTES_MAX + BYTES_PER_SECOND_MAX * 4 * rounds.millis() / 1_000 + peers * events * EVENT_BYTES_MAX;
    }

    /** Runs all cases; those that read do so in logs of about {@code events} events. */
    void run(long events) throws IOException {
        List<AppendCase> wanted =
                APPENDS.stream().filter(each -> report.wants(each.name())).toList();
        if (!wanted.isEmpty()) {
            appends(wanted);
        }
        if (report.wants("scan") || report.wants("stream-100")) {
            reads(Math.toIntExact(Math.max(BATCH, events / Layout.LONG_EVENTS / BATCH * BATCH)));
        }
        peers.forEach(peer -> report.say(peer.name() + ": " + lacks(peer)));
    }

    private String lacks(Peer peer) {
        return failures.getOrDefault(peer, peer.lacks());
    }

    private void appends(List<AppendCase> cases) throws IOException {
        Map<AppendCase, Results> results = new LinkedHashMap<>();
        cases.forEach(each -> results.put(each, new Results()));
        for (int i = 0; i < rounds.count(); i++) {
            for (Peer peer : peers) {
                progress.at("appending, round %d of %d: %s".formatted(i + 1, rounds.count(), peer.name()));
                attempt(peer, folder.child("round"), log -> {
                    for (Map.Entry<AppendCase, Results> each : results.entrySet()) {
                        append(peer, log, each.getKey(), each.getValue());
                    }
                });
                BenchFolder.delete(folder.child("round"));
            }
        }
        results.forEach((each, found) -> print(each.name(), found));
    }

    private void append(Peer peer, PeerLog log, AppendCase appends, Results results) throws Exception {
        int first = APPENDS.indexOf(appends) * STREAMS; // each case has streams of its own
        List<Callable<Integer>> calls = new ArrayList<>();
        for (int writer = 0; writer < appends.writers(); writer++) {
            int streams = STREAMS / appends.writers();
            calls.add(new PeerWriter(log, first + writer * streams, streams, appends.events()));
        }
        Measured probe = Disk.commits(folder.child("probe"), rounds.probeNanos());
        Writers.run(calls, rounds.probeNanos()); // not counted: buffers and caches fill
        results.add(peer, Writers.run(calls, rounds.nanos()), probe);
    }

    private void reads(int streams) throws IOException {
        Results scans = new Results();
        Results streamReads = new Results();
        for (Peer peer : peers) {
            progress.at("writing the log of " + peer.name());
            attempt(peer, folder.child(peer.name()), log -> {
                write(log, streams);
                read(peer, log, streams, new Results(), new Results()); // not counted: code is compiled
            });
        }
        for (int i = 0; i < rounds.count(); i++) {
            for (Peer peer : peers) {
                progress.at("reading, round %d of %d: %s".formatted(i + 1, rounds.count(), peer.name()));
                attempt(peer, folder.child(peer.name()), log -> read(peer, log, streams, scans, streamReads));
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

    private static void read(Peer peer, PeerLog log, int streams, Results scans, Results streamReads) throws Exception {
        scans.add(peer, scan(log, (long) streams * Layout.LONG_EVENTS));
        if (peer.readsStreams()) {
            streamReads.add(peer, readStreams(log, streams));
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
        for (Peer peer : peers) {
            List<Measured> measured = results.of(peer);
            Row row = Row.of(name, measured, Goal.NONE).withProbes(results.probes(peer));
            if (failures.containsKey(peer)) {
                row = Row.notMeasured(name, Goal.NONE, "it did not run");
            } else if (measured.isEmpty()) {
                row = Row.notMeasured(name, Goal.NONE, "it has no streams to read");
            }
            report.print(row.with("peer", peer.name()).with("lacks", lacks(peer)));
        }
    }

    /** So many writers, each with so many events an append. */
    private record AppendCase(String name, int writers, int events) {}

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
