// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/** One server for all tests of a run, with fsync; a schema for each log. */
final class TestServer {
    private static final AtomicInteger SCHEMAS = new AtomicInteger();
    private static final EmbeddedPostgres RUNNING = start(); // ends with the JVM

    private TestServer() {}

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a new schema, empty; close the pool after use. */
    static HikariDataSource newSchema() {
        String schema = "test" + SCHEMAS.incrementAndGet();
        try (Connection connection = RUNNING.getPostgresDatabase().getConnection()) {
            execute(connection, "CREATE SCHEMA " + schema);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return pool(schema);
    }

    /** Returns another pool on a schema. */
    static HikariDataSource pool(String schema) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source(schema));
        config.setSchema(schema);
        return new HikariDataSource(config);
    }

    /** Returns connections to a schema, without a pool. */
    static PGSimpleDataSource source(String schema) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(((PGSimpleDataSource) RUNNING.getPostgresDatabase()).getURL());
        source.setUser("postgres");
        source.setCurrentSchema(schema);
        return source;
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
