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
    private static final String EMPTY = """
            DO $$ BEGIN
                EXECUTE (SELECT 'TRUNCATE ' || string_agg(relname, ', ') FROM pg_class
                    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
                    AND NOT relispartition AND relname NOT IN ('leftfold_log', 'leftfold_migrations')
                    AND relname NOT LIKE 'leftfold_outbox%'); -- what a new log has rows in, and what is no log's
                UPDATE leftfold_log SET id = gen_random_uuid();
            END $$""";

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
