// SPDX-License-Identifier: Apache-2.0
package leftfold.memory;

import leftfold.store.EventStore;
import leftfold.store.StoreProvider;

/** Opens {@code memory:}, a new empty log each time. */
public final class MemoryStoreProvider implements StoreProvider {
    @Override
    public boolean understands(String location) {
        return location.equals("memory:");
    }

    @Override
    public EventStore open(String location) {
        return new MemoryEventStore();
    }
}
