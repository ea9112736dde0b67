// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import com.zaxxer.hikari.HikariDataSource;
import java.util.regex.Pattern;
import leftfold.Leftfold;
import leftfold.store.EventStore;
import leftfold.store.StoreException;
import leftfold.store.StoreProvider;

/** Opens {@code jdbc:postgresql:} locations, each through a pool of its own: see {@link Postgres}. */
public final class PostgresStoreProvider implements StoreProvider {
    private static final Pattern BALANCED = Pattern.compile("(?i)[?&]loadBalanceHosts=true");

    @Override
    public boolean understands(String location) {
        return Postgres.isLocation(location);
    }

    @Override
    public boolean exists(String location) {
        try (HikariDataSource pool = Postgres.pool(location)) {
            return Schema.exists(pool);
        }
    }

    @Override
    public EventStore open(String location) {
        if (BALANCED.matcher(location).find()) {
            throw new StoreException.CannotOpen(
                    "'" + Leftfold.shown(location) + "' stands for several servers; leave loadBalanceHosts out, for a"
                            + " follower that reads now here, now there misses what one of them does not have yet",
                    null);
        }
        HikariDataSource pool = Postgres.pool(location);
        try {
            return PostgresEventStore.open(pool, pool);
        } catch (StoreException e) {
            pool.close();
            throw e;
        }
    }
}
