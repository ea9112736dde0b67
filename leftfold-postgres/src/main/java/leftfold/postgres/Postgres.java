// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.regex.Pattern;
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
    private static final Pattern PASSWORD = Pattern.compile("(?i)([?&](?:ssl)?password=)[^&]*");

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
        if (Driver.parseURL(location, null) == null) {
            throw new StoreException.CannotOpen(
                    "'" + shown(location)
                            + "' is not a PostgreSQL location; write jdbc:postgresql://host:port/database",
                    null);
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(location);
        String password = System.getenv("PGPASSWORD");
        if (password != null && !hasPassword(location)) {
            config.setPassword(password);
        }
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setInitializationFailTimeout(-1);
        config.setMinimumIdle(0);
        config.addDataSourceProperty("tcpKeepAlive", "true"); // where nothing limits the wait for an answer
        return new HikariDataSource(config);
    }

    /** Returns whether {@code location} has a password in it, for all to see who see the location. */
    public static boolean hasPassword(String location) {
        return PASSWORD.matcher(location).find();
    }

    /** Returns {@code location} without its password, fit to be printed. */
    public static String shown(String location) {
        return PASSWORD.matcher(location).replaceAll("$1***");
    }
}
