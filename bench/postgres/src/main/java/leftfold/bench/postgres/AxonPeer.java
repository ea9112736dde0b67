// SPDX-License-Identifier: Apache-2.0
package leftfold.bench.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import leftfold.bench.PeerEvent;
import leftfold.bench.PeerLog;
import leftfold.bench.PostgresPeer;
import org.axonframework.common.jdbc.ConnectionWrapperFactory;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;

/** Axon Framework's storage engine on JDBC, with its own table, and payloads as they are. */
public final class AxonPeer implements PostgresPeer {
    private static final int PAGE = 2_000;

    @Override
    public String name() {
        return "axon-jdbc";
    }

    @Override
    public String lacks() {
        return "of expected versions only that a version is taken once; positions have gaps that its followers"
                + " have to wait for; no repeating by id (an error)";
    }

    @Override
    public PeerLog open(String url, Path folder) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS_MAX);
        config.setAutoCommit(false);
        HikariDataSource pool = new HikariDataSource(config);
        Transactions transactions = new Transactions(pool);
        JdbcEventStorageEngine engine = JdbcEventStorageEngine.builder()
                .eventSerializer(new AsIs())
                .snapshotSerializer(new AsIs())
                .dataType(byte[].class)
                .batchSize(PAGE)
                .connectionProvider(transactions::connection)
                .transactionManager(transactions)
                .build();
        if (!Files.exists(folder.resolve("installed"))) {
            transactions.executeInTransaction(() -> engine.createSchema(PostgresEventTableFactory.INSTANCE));
            Files.createFile(folder.resolve("installed"));
        }
        return new Log(engine, pool);
    }

    /** A connection for each thread that is in a transaction, as an application's container has it. */
    @SuppressWarnings("ThreadLocalUsage") // one for each log, which lives as long as a case
    private static final class Transactions implements TransactionManager {
        private final ThreadLocal<Connection> current = new ThreadLocal<>();
        private final HikariDataSource pool;

        Transactions(HikariDataSource pool) {
            this.pool = pool;
        }

        Connection connection() {
            return ConnectionWrapperFactory.wrap(current.get(), new ConnectionWrapperFactory.NoOpCloseHandler());
        }

        @Override
        public Transaction startTransaction() {
            if (current.get() != null) {
                return new Ending(() -> {}, () -> {});
            }
            try {
                Connection connection = pool.getConnection();
                current.set(connection);
                return new Ending(
                        () -> end(connection, connection::commit), () -> end(connection, connection::rollback));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private void end(Connection connection, Step step) {
            current.remove();
            try (connection) {
                step.run();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private interface Step {
        void run() throws SQLException;
    }

    private record Ending(Runnable onCommit, Runnable onRollback) implements Transaction {
        @Override
        public void commit() {
            onCommit.run();
        }

        @Override
        public void rollback() {
            onRollback.run();
        }
    }

    private record Log(JdbcEventStorageEngine engine, HikariDataSource pool) implements PeerLog {
        @Override
        public void append(List<PeerEvent> events) {
            engine.appendEvents(events.stream()
                    .map(event -> new GenericDomainEventMessage<>(
                            "account",
                            "account-" + event.stream(),
                            event.version() - 1L, // numbers from 0
                            event.data(),
                            Map.of(),
                            event.id().toString(),
                            Clock.systemUTC().instant()))
                    .toList());
        }

        @Override
        public long scan() {
            try (Stream<? extends TrackedEventMessage<?>> all = engine.readEvents(null, false)) {
                return all.filter(event -> ((byte[]) event.getPayload()).length > 0)
                        .count();
            }
        }

        @Override
        public int readStream(long stream) {
            DomainEventStream found = engine.readEvents("account-" + stream);
            int events = 0;
            while (found.hasNext()) {
                events += ((byte[]) found.next().getPayload()).length > 0 ? 1 : 0;
            }
            return events;
        }

        @Override
        public void close() {
            pool.close();
        }
    }
}
