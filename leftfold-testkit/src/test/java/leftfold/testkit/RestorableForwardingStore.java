// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.util.List;
import leftfold.store.ForwardingStore;
import leftfold.store.RecordedEvent;
import leftfold.store.RestorableStore;

/** A restorable store that does what another does, for subclasses that do one thing differently. */
class RestorableForwardingStore extends ForwardingStore implements RestorableStore {
    private final RestorableStore restorable;

    RestorableForwardingStore(RestorableStore store) {
        super(store);
        this.restorable = store;
    }

    @Override
    public void restore(List<RecordedEvent> events) {
        restorable.restore(events);
    }
}
