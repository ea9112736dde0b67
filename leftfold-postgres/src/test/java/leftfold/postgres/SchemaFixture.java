// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import leftfold.store.EventStore;
import leftfold.testkit.StoreFixture;

/**
 * An empty log in a schema of a server, with an id of its own. To make its tables takes far longer than most tests, so
 * the schema of a test that is over is emptied for another one.
 */
final class SchemaFixture implements StoreFixture {
    private static final Map<PostgresServer, Queue<HikariDataSource>> USED = new ConcurrentHashMap<>();
    private static final String EMPTY = "TRUNCATE leftfold_events, leftfold_streams, leftfold_tags;"
            + " UPDATE leftfold_log SET id = gen_random_uuid()";

    private final Queue<HikariDataSource> used;
    private final HikariDataSource pool;

    SchemaFixture(PostgresServer server) {
        used = USED.computeIfAbsent(server, each -> new ConcurrentLinkedQueue<>());
        HikariDataSource before = used.poll();
        pool = before == null ? server.newSchema() : before;
        if (before != null) {
            empty();
        }
    }

    private void empty() {
        try (Connection connection = pool.getConnection()) {
            TestServer.execute(connection, EMPTY);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot empty " + pool.getSchema(), e);
        }
    }

    @Override
    public EventStore open(InstantSource clock) {
        return PostgresEventStore.open(pool, PostgresOptions.defaults().withClock(clock));
    }

    @Override
    public void close() {
        used.add(pool);
    }
}
