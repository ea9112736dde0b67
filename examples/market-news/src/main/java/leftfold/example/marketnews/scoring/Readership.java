// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.scoring;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import leftfold.decider.StreamState;
import leftfold.example.marketnews.subscriptions.Subscriptions;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;

/** What every reader follows: a fold kept in memory, which reads on when it is asked. Confined to one thread. */
public final class Readership {
    private static final Query SUBSCRIPTIONS = Query.category(Subscriptions.CATEGORY);

    private final EventStore store;
    private final Subscriptions decider = new Subscriptions();
    private final SortedMap<String, StreamState<Subscriptions.State>> readers = new TreeMap<>();
    private long position;

    /** Creates the fold, which has read nothing yet. */
    public Readership(EventStore store) {
        this.store = store;
    }

    /** Returns a view of each reader's subscriptions as they are now, by reader. */
    public SortedMap<String, StreamState<Subscriptions.State>> now() {
        try (Stream<RecordedEvent> news = store.read(SUBSCRIPTIONS, position + 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            news.forEachOrdered(this::take);
        }
        return Collections.unmodifiableSortedMap(readers);
    }

    private void take(RecordedEvent recorded) {
        SubscriptionsEvent event = Subscriptions.CODEC.decode(recorded);
        StreamState<Subscriptions.State> before = readers.get(event.reader());
        Subscriptions.State state = before == null ? decider.initialState() : before.state();
        readers.put(
                event.reader(),
                new StreamState<>(decider.evolve(state, event), recorded.version(), recorded.position()));
        position = recorded.position();
    }
}
