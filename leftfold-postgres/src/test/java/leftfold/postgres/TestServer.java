// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** One server of the newest version for all tests of a run. */
final class TestServer {
    static final PostgresServer RUNNING = PostgresServer.start(); // ends with the JVM

    private TestServer() {}

    /** Returns a new schema, empty; close the pool after use. */
    static HikariDataSource newSchema() {
        return RUNNING.newSchema();
    }

    /** Returns another pool on a schema. */
    static HikariDataSource pool(String schema) {
        return RUNNING.pool(schema);
    }

    /** Returns connections to a schema, without a pool. */
    static PGSimpleDataSource source(String schema) {
        return RUNNING.source(schema);
    }

    static void execute(Connection connection, String sql) throws SQLException {
        PostgresServer.execute(connection, sql);
    }

    static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection()) {
            execute(connection, sql);
        }
    }

    /** Makes a log whose partitions are of so many positions, and which has none yet. */
    static void makePartitionsOf(int positions, HikariDataSource pool) throws SQLException {
        PostgresEventStore.open(pool).close();
        execute(pool, "DROP TABLE leftfold_events_1");
        execute(pool, "UPDATE leftfold_log SET partitioned_to = 0, partition_positions = " + positions);
    }

    /** Makes a log as it was before the second file of the schema. */
    static void makeOlder(HikariDataSource pool) throws IOException, SQLException {
        try (var in = Schema.class.getResourceAsStream("001_log.sql")) {
            execute(
                    pool,
                    "CREATE TABLE leftfold_migrations"
                            + " (number int PRIMARY KEY, name text NOT NULL,"
                            + " applied timestamptz NOT NULL DEFAULT now());"
                            + "INSERT INTO leftfold_migrations VALUES (1, '001_log.sql');"
                            + new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Returns connections of a new role that may enter the schema, and has such rights in it. */
    static PGSimpleDataSource role(String schema, String... rights) {
        PGSimpleDataSource source = source(schema);
        source.setUser("role_" + schema);
        RUNNING.execute("CREATE ROLE " + source.getUser() + " LOGIN");
        RUNNING.execute("GRANT USAGE ON SCHEMA " + schema + " TO " + source.getUser());
        for (String right : rights) {
            RUNNING.execute("GRANT " + right + " IN SCHEMA " + schema + " TO " + source.getUser());
        }
        return source;
    }
}
