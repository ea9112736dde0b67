// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import com.zaxxer.hikari.HikariDataSource;
import leftfold.store.EventStore;
import leftfold.store.StoreException;
import leftfold.store.StoreProvider;

/** Opens {@code jdbc:postgresql:} locations, each through a pool of its own: see {@link Postgres}. */
public final class PostgresStoreProvider implements StoreProvider {
    @Override
    public boolean understands(String location) {
        return Postgres.isLocation(location);
    }

    @Override
    public boolean exists(String location) {
        try (HikariDataSource pool = Postgres.pool(location)) {
            return new Schema(pool, PostgresOptions.defaults().answerMillis()).exists();
        }
    }

    @Override
    public EventStore open(String location) {
        HikariDataSource pool = Postgres.pool(location);
        try {
            return PostgresEventStore.open(pool, pool);
        } catch (StoreException e) {
            pool.close();
            throw e;
        }
    }
}
