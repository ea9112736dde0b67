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

    /** Returns true: the new log is one that can be read. */
    @Override
    public boolean exists(String location) {
        return true;
    }

    @Override
    public EventStore open(String location) {
        return new MemoryEventStore();
    }
}
