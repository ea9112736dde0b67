// SPDX-License-Identifier: Apache-2.0
package leftfold.bench.peers;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import leftfold.bench.Peer;
import leftfold.bench.PeerEvent;
import leftfold.bench.PeerLog;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB: a synced batch for each append, of the events by position and of the positions by stream. */
public final class RocksPeer implements Peer {
    private static final char EVENT = 'e';
    private static final char PLACE = 's';

    @Override
    public String name() {
        return "rocksdb";
    }

    @Override
    public String lacks() {
        return "no expected versions; with many writers a reader can see a position before a smaller one";
    }

    @Override
    public boolean readsStreams() {
        return true;
    }

    @Override
    public PeerLog open(Path folder) throws RocksDBException {
        RocksDB.loadLibrary();
        try (Options options = new Options().setCreateIfMissing(true)) {
            return new Log(RocksDB.open(options, folder.toString()));
        }
    }

    private static final class Log implements PeerLog {
        private final RocksDB db;
        private final WriteOptions synced = new WriteOptions().setSync(true);
        private final AtomicLong last;

        Log(RocksDB db) {
            this.db = db;
            try (RocksIterator events = db.newIterator()) {
                events.seekForPrev(Records.key(EVENT, Long.MAX_VALUE));
                last = new AtomicLong(
                        events.isValid() ? ByteBuffer.wrap(events.key()).getLong(1) : 0);
            }
        }

        @Override
        public void append(List<PeerEvent> events) throws RocksDBException {
            try (WriteBatch batch = new WriteBatch()) {
                for (PeerEvent event : events) {
                    byte[] position = Records.key(EVENT, last.incrementAndGet());
                    batch.put(position, Records.bytes(event));
                    batch.put(Records.key(PLACE, event.stream(), event.version()), position);
                }
                db.write(synced, batch);
            }
        }

        @Override
        public long scan() {
            try (RocksIterator found = db.newIterator()) {
                long events = 0;
                found.seek(Records.key(EVENT, 0));
                while (found.isValid() && found.key()[0] == EVENT) {
                    events += found.value().length > Records.HEAD_BYTES ? 1 : 0;
                    found.next();
                }
                return events;
            }
        }

        @Override
        public int readStream(long stream) throws RocksDBException {
            List<byte[]> positions = new ArrayList<>();
            try (RocksIterator places = db.newIterator()) {
                places.seek(Records.key(PLACE, stream, 0));
                while (places.isValid()
                        && places.key()[0] == PLACE
                        && ByteBuffer.wrap(places.key()).getLong(1) == stream) {
                    positions.add(places.value());
                    places.next();
                }
            }
            return (int) db.multiGetAsList(positions).stream()
                    .filter(event -> event.length > Records.HEAD_BYTES)
                    .count();
        }

        @Override
        public void close() {
            synced.close();
            db.close();
        }
    }
}
