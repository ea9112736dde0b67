// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import leftfold.store.EventStore;
import leftfold.store.StoreException;
import leftfold.store.StoreProvider;

/**
 * Opens {@code jdbc:postgresql:} locations through a pool of connections. The password is taken from the environment's
 * PGPASSWORD or a .pgpass file; a location shows up in process lists.
 */
public final class PostgresStoreProvider implements StoreProvider {
    private static final String SCHEME = "jdbc:postgresql:";
    private static final long CONNECT_MILLIS = 5_000;

    @Override
    public boolean understands(String location) {
        return location.startsWith(SCHEME);
    }

    @Override
    public EventStore open(String location) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(location);
        String password = System.getenv("PGPASSWORD");
        if (password != null) {
            config.setPassword(password);
        }
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setInitializationFailTimeout(-1);
        HikariDataSource pool = new HikariDataSource(config);
        try {
            return PostgresEventStore.open(pool, pool);
        } catch (StoreException e) {
            pool.close();
            throw e;
        }
    }
}
