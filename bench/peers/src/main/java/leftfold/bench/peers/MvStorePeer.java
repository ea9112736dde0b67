// SPDX-License-Identifier: Apache-2.0
package leftfold.bench.peers;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import leftfold.bench.Peer;
import leftfold.bench.PeerEvent;
import leftfold.bench.PeerLog;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/** H2's MVStore: a commit and a sync for each append, of a map by position and a map by stream. */
public final class MvStorePeer implements Peer {
    /** A place in a stream is one number: the stream's, and its events' versions in the low bits. */
    private static final int VERSION_BITS = 24;

    @Override
    public String name() {
        return "h2-mvstore";
    }

    @Override
    public String lacks() {
        return "no expected versions; a commit takes what other writers have half done with it";
    }

    @Override
    public boolean readsStreams() {
        return true;
    }

    @Override
    public PeerLog open(Path folder) {
        return new Log(new MVStore.Builder()
                .fileName(folder.resolve("events.mv").toString())
                .autoCommitDisabled()
                .open());
    }

    private static final class Log implements PeerLog {
        private final MVStore store;
        private final MVMap<Long, byte[]> events;
        private final MVMap<Long, Long> places;
        private final AtomicLong last;

        Log(MVStore store) {
            this.store = store;
            this.events = store.openMap("events");
            this.places = store.openMap("places");
            this.last = new AtomicLong(events.isEmpty() ? 0 : events.lastKey());
        }

        @Override
        public void append(List<PeerEvent> batch) {
            for (PeerEvent event : batch) {
                long position = last.incrementAndGet();
                events.put(position, Records.bytes(event));
                places.put((event.stream() << VERSION_BITS) + event.version(), position);
            }
            store.commit();
            store.sync();
        }

        @Override
        public long scan() {
            return events.values().stream()
                    .filter(event -> event.length > Records.HEAD_BYTES)
                    .count();
        }

        @Override
        public int readStream(long stream) {
            int read = 0;
            long end = (stream + 1) << VERSION_BITS;
            for (Iterator<Long> keys = places.keyIterator(stream << VERSION_BITS); keys.hasNext(); ) {
                long place = keys.next();
                if (place >= end) {
                    break;
                }
                byte[] event = Objects.requireNonNull(events.get(places.get(place)));
                read += event.length > Records.HEAD_BYTES ? 1 : 0;
            }
            return read;
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
