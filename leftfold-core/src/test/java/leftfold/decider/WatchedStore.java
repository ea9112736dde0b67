// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import leftfold.memory.MemoryEventStore;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.Direction;
import leftfold.store.ForwardingStore;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;

/** A store that lets a test step in before and after each append, and notes what was read. Confined to one thread. */
final class WatchedStore extends ForwardingStore {
    final List<Long> readsFrom = new ArrayList<>();
    int appends;
    Runnable beforeAppend = () -> {};
    Runnable afterAppend = () -> {};

    WatchedStore() {
        super(new MemoryEventStore());
    }

    @Override
    public AppendResult append(Append append) {
        appends++;
        beforeAppend.run();
        AppendResult result = store.append(append);
        afterAppend.run();
        return result;
    }

    @Override
    public Stream<RecordedEvent> readStream(StreamId stream, long from, Direction direction, long limit) {
        readsFrom.add(from);
        return store.readStream(stream, from, direction, limit);
    }
}
