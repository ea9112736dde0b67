// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import com.zaxxer.hikari.HikariDataSource;
import java.time.InstantSource;
import leftfold.store.EventStore;
import leftfold.testkit.StoreFixture;

/** A log in a schema of its own. */
final class SchemaFixture implements StoreFixture {
    private final HikariDataSource pool;

    SchemaFixture(PostgresServer server) {
        this.pool = server.newSchema();
    }

    @Override
    public EventStore open(InstantSource clock) {
        return PostgresEventStore.open(pool, PostgresOptions.defaults().withClock(clock));
    }

    @Override
    public void close() {
        pool.close();
    }
}
