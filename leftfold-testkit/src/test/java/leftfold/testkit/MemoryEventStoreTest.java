// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import leftfold.memory.MemoryEventStore;

/** The contract over the store in memory. */
final class MemoryEventStoreTest extends EventStoreContract implements RestoreContract {
    MemoryEventStoreTest() {
        super(MemoryEventStore::new);
    }
}
