// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.time.InstantSource;
import leftfold.store.EventStore;

/** Where the store under test is. For implementers of stores: one fixture, and thus one new log, for each test. */
@FunctionalInterface
public interface StoreFixture extends AutoCloseable {
    /**
     * Returns the fixture's store, opened; it takes the time from {@code clock} alone. The first call finds an empty
     * log. Only {@link DurableEventStoreContract} calls again, once the store is closed, and wants the same log.
     */
    EventStore open(InstantSource clock);

    /** Removes what the fixture made; the store is closed by then. Does nothing unless overridden. */
    @Override
    default void close() {}
}
