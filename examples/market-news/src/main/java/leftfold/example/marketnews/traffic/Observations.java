// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leftfold.schema.EncodedEvent;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;

/** Collects facts from outside for one append. Confined to one thread. */
final class Observations {
    private final Ids ids;
    private final Metadata metadata;
    private final Map<StreamId, List<Event>> streams = new LinkedHashMap<>();

    /** Creates an empty collection whose events come from {@code producer}. */
    Observations(Ids ids, String producer) {
        this.ids = ids;
        this.metadata = Metadata.none().withProducer(producer);
    }

    /** Adds {@code event} at the end of {@code stream}. */
    void add(StreamId stream, EncodedEvent event) {
        streams.computeIfAbsent(stream, name -> new ArrayList<>())
                .add(new Event(ids.next(), event.type(), event.schemaVersion(), event.data(), metadata, event.tags()));
    }

    /** Returns the step that appends everything. */
    Step.Observed step() {
        return new Step.Observed(streams.entrySet().stream()
                .map(entry -> new StreamWrite(entry.getKey(), entry.getValue()))
                .toList());
    }
}
