// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import leftfold.store.Data;

/** An outbox in a schema of its own, with what its tests do to it. */
final class OutboxFixture implements AutoCloseable {
    static final RelaySettings QUICK =
            RelaySettings.standard().withAttemptsMax(3).withRetries(Duration.ofMillis(5), Duration.ofMillis(20));

    private static final long WAIT_NANOS = Duration.ofSeconds(60).toNanos();

    final HikariDataSource database = TestServer.newSchema();
    final Outbox outbox = Outbox.open(database);
    private final List<AutoCloseable> closed = new ArrayList<>();

    /** Commits one message in a transaction of its own and returns its id. */
    UUID publish(String key, String type, String json) {
        OutboxMessage message = OutboxMessage.of(key, type, Data.json(json));
        publish(message);
        return message.id();
    }

    int publish(OutboxMessage... messages) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            int published = Outbox.publish(connection, messages);
            connection.commit();
            return published;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts a relay that is closed with the fixture. */
    OutboxRelay relay(OutboxTarget target, RelaySettings settings) {
        OutboxRelay relay = OutboxRelay.start(database, target, settings);
        closed.add(relay);
        return relay;
    }

    long number(String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns how many shards each relay has; those of nobody under the empty name. */
    Map<String, Integer> shares() {
        Map<String, Integer> shares = new TreeMap<>();
        for (OutboxTable.Shard one : new OutboxTable(new Rows(database)).shards()) {
            shares.merge(one.relay() == null ? "" : one.relay(), 1, Integer::sum);
        }
        return shares;
    }

    /** Waits until {@code reached}, as long as a slow machine may take. */
    static void until(BooleanSupplier reached) throws InterruptedException {
        long start = System.nanoTime();
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime() - start)
                    .as("nanoseconds waited in vain")
                    .isLessThan(WAIT_NANOS);
            Thread.sleep(5);
        }
    }

    /** Waits until nothing is left to deliver. */
    void untilDelivered() throws InterruptedException {
        until(() -> outbox.status().waiting() == 0);
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable one : closed) {
            one.close();
        }
        database.close();
    }
}
