// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import com.zaxxer.hikari.HikariDataSource;
import java.time.InstantSource;
import leftfold.store.EventStore;
import leftfold.testkit.DurableEventStoreContract;
import leftfold.testkit.DurableRestoreContract;
import leftfold.testkit.StoreFixture;

/** The contract over PostgreSQL. */
final class PostgresEventStoreTest extends DurableEventStoreContract implements DurableRestoreContract {
    PostgresEventStoreTest() {
        super(new Schema());
    }

    private static final class Schema implements StoreFixture {
        private final HikariDataSource pool = TestServer.newSchema();

        @Override
        public EventStore open(InstantSource clock) {
            return PostgresEventStore.open(pool, PostgresOptions.defaults().withClock(clock));
        }

        @Override
        public void close() {
            pool.close();
        }
    }
}
