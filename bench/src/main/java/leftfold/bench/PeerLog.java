// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;

/** For implementers: a log of a {@link Peer} in this JVM. Safe for use by many threads. */
public interface PeerLog extends PeerLoops {
    /** Appends {@code events} and returns once they are synced to the disk, as far as the peer can do that. */
    void append(List<PeerEvent> events) throws Exception;

    /** Reads every event of one stream, its data too, and returns how many there are. */
    default int readStream(long stream) throws Exception {
        throw new UnsupportedOperationException("this peer has no streams");
    }

    @Override
    default Appends appends(PeerLoad load) {
        List<Callable<Integer>> writers = new ArrayList<>();
        int streams = load.streamsOfWriter();
        for (int writer = 0; writer < load.writers(); writer++) {
            writers.add(new PeerWriter(this, load.firstStream() + writer * streams, streams, load.events()));
        }
        return nanos -> Writers.run(writers, nanos);
    }

    @Override
    default void write(int streams) throws Exception {
        Facts facts = new Facts(streams);
        for (int version = 1; version <= Layout.LONG_EVENTS; version++) {
            for (int from = 0; from < streams; from += BATCH) {
                List<PeerEvent> events = new ArrayList<>(BATCH);
                for (int stream = from; stream < from + BATCH; stream++) {
                    events.add(facts.peerEvent(stream, version));
                }
                append(events);
            }
        }
    }

    @Override
    default Measured readStreams(int streams, int reads) throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        Histogram latencies = Measured.histogram();
        long start = System.nanoTime();
        long before = start;
        for (int i = 0; i < reads; i++) {
            int read = readStream(random.nextInt(streams));
            if (read != Layout.LONG_EVENTS) {
                throw new IOException("a stream of " + Layout.LONG_EVENTS + " events had " + read);
            }
            long after = System.nanoTime();
            latencies.recordValue(after - before);
            before = after;
        }
        return new Measured((long) reads * Layout.LONG_EVENTS, before - start, latencies);
    }
}
