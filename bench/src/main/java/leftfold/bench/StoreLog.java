// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Metadata;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;

/** The workload of peers on an event store of Leftfold. Safe for use by many threads. */
record StoreLog(EventStore store, Resource rest) implements PeerLog {
    /** What is to be closed after the store. */
    interface Resource {
        /** Closes it. */
        void close();
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
        return new Event(event.id(), PeerEvent.TYPE, 1, Data.of(event.data(), Data.JSON), Metadata.none(), Set.of());
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
        rest.close();
    }
}
