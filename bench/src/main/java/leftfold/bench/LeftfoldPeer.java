// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.log.LogEventStore;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;

/** Leftfold itself, run in the same way as its peers. */
final class LeftfoldPeer implements Peer {
    @Override
    public String name() {
        return "leftfold";
    }

    @Override
    public String lacks() {
        return "nothing that the workload asks for";
    }

    @Override
    public boolean readsStreams() {
        return true;
    }

    @Override
    public PeerLog open(Path folder) {
        return new Log(LogEventStore.open(folder));
    }

    private static final class Log implements PeerLog {
        private final LogEventStore store;

        Log(LogEventStore store) {
            this.store = store;
        }

        @Override
        public void append(List<PeerEvent> events) {
            Map<Long, List<Event>> streams = new LinkedHashMap<>();
            List<AppendCondition> conditions = new ArrayList<>();
            for (PeerEvent event : events) {
                streams.computeIfAbsent(event.stream(), stream -> {
                            conditions.add(new AppendCondition.StreamAt(id(stream), event.version() - 1));
                            return new ArrayList<>();
                        })
                        .add(fact(event));
            }
            List<StreamWrite> writes = new ArrayList<>();
            streams.forEach((stream, facts) -> writes.add(new StreamWrite(id(stream), facts)));
            store.append(new Append(writes, conditions));
        }

        private static Event fact(PeerEvent event) {
            UUID id = new UUID(event.stream(), event.version());
            return new Event(id, "Deposited", 1, Data.of(event.data(), Data.JSON), Metadata.none(), Set.of());
        }

        private static StreamId id(long stream) {
            return StreamId.of("account", Long.toString(stream));
        }

        @Override
        public long scan() {
            try (Stream<RecordedEvent> found = store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
                return found.filter(event -> event.data().size() > 0).count();
            }
        }

        @Override
        public int readStream(long stream) {
            try (Stream<RecordedEvent> found = store.readStream(id(stream))) {
                return Math.toIntExact(
                        found.filter(event -> event.data().size() > 0).count());
            }
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
