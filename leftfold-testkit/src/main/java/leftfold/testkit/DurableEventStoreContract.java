// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import leftfold.store.EventStore;

/**
 * What every {@link EventStore} does that outlives its process: all of {@link EventStoreContract}, and again after
 * closing and opening. For implementers of stores.
 */
public abstract class DurableEventStoreContract extends EventStoreContract implements DurabilityContract {
    /** Creates the contract's tests over the store that {@code fixture}, new for each test, opens again and again. */
    protected DurableEventStoreContract(StoreFixture fixture) {
        super(fixture);
    }

    @Override
    public final EventStore reopen() {
        return openAgain();
    }
}
