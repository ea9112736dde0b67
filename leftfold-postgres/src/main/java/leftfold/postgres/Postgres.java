// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Properties;
import java.util.regex.Pattern;
import leftfold.Leftfold;
import leftfold.store.StoreException;
import org.postgresql.Driver;

/**
 * Pools of connections by location. A location is a JDBC URL, {@code jdbc:postgresql://host/database?user=me}, with
 * {@code currentSchema=name} where the log lies in another schema than the user's. The password comes from the
 * environment's PGPASSWORD or from a .pgpass file.
 */
public final class Postgres {
    private static final String SCHEME = "jdbc:postgresql:";
    private static final long CONNECT_MILLIS = 5_000;
    private static final Pattern LOGIN_PASSWORD = Pattern.compile("[?&]password=");
    private static final Pattern BALANCED = Pattern.compile("(?i)[?&]loadBalanceHosts=true");
    private static final Pattern STRAY_PERCENT = Pattern.compile("%(?!\\p{XDigit}{2})");

    private Postgres() {}

    /** Returns whether {@code location} names a PostgreSQL database. */
    public static boolean isLocation(String location) {
        return location.startsWith(SCHEME);
    }

    /**
     * Returns a new pool of up to ten connections to the database at {@code location}; none is made yet. Close it after
     * use.
     *
     * @throws StoreException.CannotOpen if the location is malformed
     */
    public static HikariDataSource pool(String location) {
        check(location);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(location);
        String password = System.getenv("PGPASSWORD");
        if (password != null && !LOGIN_PASSWORD.matcher(location).find()) {
            config.setPassword(password);
        }
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setInitializationFailTimeout(-1);
        config.setMinimumIdle(0);
        config.addDataSourceProperty("tcpKeepAlive", "true"); // where nothing limits the wait for an answer
        return new HikariDataSource(config);
    }

    /**
     * Refuses what the driver would refuse: it logs what it does not understand, and is not shown the password. And
     * refuses what stands for several servers, of which each has something that another one does not have yet.
     */
    private static void check(String location) {
        String shown = Leftfold.shown(location);
        if (STRAY_PERCENT.matcher(location).find()) {
            throw new StoreException.CannotOpen("'" + shown + "' has a % that begins no code; write %25 for it", null);
        }
        if (BALANCED.matcher(location).find()) {
            throw new StoreException.CannotOpen(
                    "'" + shown + "' stands for several servers; leave loadBalanceHosts out, for a follower that reads"
                            + " now here, now there misses what one of them does not have yet",
                    null);
        }
        Properties parsed = Driver.parseURL(shown, null);
        if (parsed == null || parsed.getProperty("PGHOST", "").contains("@")) {
            throw new StoreException.CannotOpen(
                    "'" + shown
                            + "' is not a PostgreSQL location; write jdbc:postgresql://host:port/database?user=name",
                    null);
        }
    }
}
