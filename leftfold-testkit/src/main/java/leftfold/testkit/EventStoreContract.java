// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import leftfold.store.EventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link EventStore} does. For implementers of stores: extend it, hand a fixture to the constructor, and
 * every test of every part runs under the name of your class.
 *
 * <pre>{@code
 * final class MemoryEventStoreTest extends EventStoreContract {
 *     MemoryEventStoreTest() {
 *         super(MemoryEventStore::new);
 *     }
 * }
 * }</pre>
 *
 * <p>A store that outlives its process extends {@link DurableEventStoreContract} instead.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
public abstract class EventStoreContract
        implements AppendContract,
                ConditionContract,
                IdempotencyContract,
                ReadContract,
                StreamContract,
                SubscriptionContract,
                ConcurrencyContract,
                TimeContract,
                NameContract,
                ContentContract,
                ClosingContract {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final StoreFixture fixture;
    private final HandTurnedClock clock = new HandTurnedClock(START);
    private EventStore store;

    /** Creates the contract's tests over the store that {@code fixture}, new for each test, opens. */
    protected EventStoreContract(StoreFixture fixture) {
        this.fixture = fixture;
        this.store = fixture.open(clock);
    }

    @AfterEach
    final void closeStoreAndFixture() {
        try {
            store.close();
        } finally {
            fixture.close();
        }
    }

    @Override
    public final EventStore store() {
        return store;
    }

    @Override
    public final HandTurnedClock clock() {
        return clock;
    }

    /** Closes the store and opens it again. */
    final EventStore openAgain() {
        store.close();
        store = fixture.open(clock);
        return store;
    }
}
