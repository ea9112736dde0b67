// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import com.zaxxer.hikari.HikariDataSource;
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
}
