// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.jspecify.annotations.Nullable;

/**
 * Where the streams of one append, or of events restored together, stand, each looked up once: the rules ask for the
 * same stream several times, and most appends know only one. Confined to the writer.
 */
final class Places {
    private final LogIndex index;
    private List<StreamWrite> writes = List.of();
    private LogIndex.StreamPlaces[] begun = {}; // of each write, by its caller
    private int next; // the write that is likely to be asked for next
    private Map<StreamId, Place> known = new HashMap<>(); // but the last one
    private @Nullable Place last;

    /** A stream, and its last event, published or not. */
    private record Place(StreamId stream, LogIndex.StreamPlaces places, LogIndex.Head head) {}

    Places(LogIndex index) {
        this.index = index;
    }

    /** Goes on to {@code pending}; the log has changed. */
    void begin(PendingAppend pending) {
        writes = pending.append().writes();
        begun = pending.streams();
        forget();
    }

    /** Forgets what was looked up. */
    void forget() {
        last = null;
        next = 0;
        if (!known.isEmpty()) {
            known = new HashMap<>(); // to clear one that was large would take long for ever after
        }
    }

    /** Returns where the stream stands. */
    LogIndex.StreamPlaces of(StreamId stream) {
        return place(stream).places;
    }

    /** Returns the stream's last event, published or not. */
    LogIndex.Head head(StreamId stream) {
        return place(stream).head;
    }

    private Place place(StreamId stream) {
        Place before = last;
        if (before != null && before.stream.equals(stream)) {
            return before;
        }
        if (before != null) {
            known.put(before.stream, before);
        }
        Place place = known.get(stream);
        if (place == null) {
            LogIndex.StreamPlaces places = places(stream);
            place = new Place(stream, places, index.head(places));
        }
        last = place;
        return place;
    }

    private LogIndex.StreamPlaces places(StreamId stream) {
        if (next < writes.size() && writes.get(next).stream().equals(stream)) {
            return index.upToDate(begun[next++]);
        }
        return index.places(index.hash().stream(stream));
    }
}
