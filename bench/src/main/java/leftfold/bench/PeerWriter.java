// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/** One writer of the workload that peers run, with streams of its own. Confined to one thread at a time. */
final class PeerWriter implements Callable<Integer> {
    private final PeerLog log;
    private final SplittableRandom random;
    private final Facts facts;
    private final long firstStream;
    private final int[] versions;
    private final int events;

    PeerWriter(PeerLog log, int firstStream, int streams, int events) {
        this.log = log;
        this.random = new SplittableRandom(firstStream);
        this.facts = new Facts(firstStream);
        this.firstStream = firstStream;
        this.versions = new int[streams];
        this.events = events;
    }

    /** Appends some events to one stream, at random. */
    @Override
    public Integer call() throws Exception {
        int ordinal = random.nextInt(versions.length);
        List<PeerEvent> batch = new ArrayList<>(events);
        for (int i = 0; i < events; i++) {
            versions[ordinal]++;
            batch.add(facts.peerEvent(firstStream + ordinal, versions[ordinal]));
        }
        log.append(batch);
        return events;
    }
}
