// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/** The databases that read models may lie in. Each that is opened is empty. */
enum TestDatabase {
    SQLITE {
        @Override
        DataSource open(Path folder) {
            return Sqlite.open(folder.resolve("models" + OPENED.incrementAndGet() + ".db"), SynchronousMode.OFF);
        }

        @Override
        Set<String> names(DataSource database) throws SQLException {
            return Models.rows(database, "SELECT name, 0 FROM sqlite_master").keySet();
        }
    },

    /** One server for all tests of a run, with fsync; a schema for each that is opened. */
    POSTGRES {
        @Override
        DataSource open(Path folder) {
            String schema = "test" + OPENED.incrementAndGet();
            try (Connection connection = postgres("public").getConnection()) {
                Sql.execute(connection, "CREATE SCHEMA " + schema);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return postgres(schema);
        }

        @Override
        Set<String> names(DataSource database) throws SQLException {
            return Models.rows(
                            database,
                            "SELECT relname, 0 FROM pg_class WHERE relnamespace = current_schema()::regnamespace")
                    .keySet();
        }
    };

    private static final AtomicInteger OPENED = new AtomicInteger();

    /** Returns an empty database; a file of it may lie in {@code folder}. */
    abstract DataSource open(Path folder);

    /** Returns the words by which another process finds the database. */
    String address(DataSource database) {
        return database instanceof PGSimpleDataSource postgres
                ? postgres.getURL() + "&user=postgres&currentSchema=" + postgres.getCurrentSchema()
                : ((SQLiteDataSource) database).getUrl();
    }

    /** Returns the database at an address, in any process. */
    static DataSource at(String address) {
        if (address.startsWith("jdbc:sqlite:")) {
            return Sqlite.open(Path.of(address.substring("jdbc:sqlite:".length())), SynchronousMode.OFF);
        }
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(address);
        return source;
    }

    /** Returns the names of all tables, views and indexes. */
    abstract Set<String> names(DataSource database) throws SQLException;

    /** Returns one schema of the server. */
    static DataSource postgres(String schema) {
        PGSimpleDataSource source = (PGSimpleDataSource) Server.RUNNING.getPostgresDatabase();
        PGSimpleDataSource own = new PGSimpleDataSource();
        own.setURL(source.getURL());
        own.setUser("postgres");
        own.setCurrentSchema(schema);
        return own;
    }

    /** Started when first used; ends with the JVM. */
    private static final class Server {
        static final EmbeddedPostgres RUNNING = start();

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
    }
}
