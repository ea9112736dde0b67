// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import leftfold.store.StreamId;

/** Snapshots in this process's memory, as many as there are streams. Safe for use by many threads. */
public final class MemorySnapshots implements Snapshots {
    private final Map<StreamId, Snapshot> snapshots = new ConcurrentHashMap<>();

    /** Creates an empty one. */
    public MemorySnapshots() {}

    @Override
    public Optional<Snapshot> load(StreamId stream) {
        return Optional.ofNullable(snapshots.get(stream));
    }

    @Override
    public void save(Snapshot snapshot) {
        snapshots.put(snapshot.stream(), snapshot);
    }
}
