// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import leftfold.store.Append;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;

/**
 * Transactions of its own that draw a number from a sequence, take their time, append, and commit late or not at all.
 * Somebody may kill its connection at any time.
 */
final class LateWriter implements Callable<LateWriter> {
    /** What a naive follower follows: the number says when a row was inserted, not when it was committed. */
    static final String NAIVE_TABLE = "CREATE TABLE naive (id bigserial PRIMARY KEY)";

    private static final double SLOWEST_SECONDS = 0.015;

    private final DataSource database;
    private final StreamId stream;
    private final int transactions;
    private final Random random;
    private final List<UUID> committed = new ArrayList<>();
    private final List<UUID> rolledBack = new ArrayList<>();
    private int broken;

    LateWriter(DataSource database, int number, int transactions) {
        this.database = database;
        this.stream = StreamId.of("late", String.valueOf(number));
        this.transactions = transactions;
        this.random = new Random(number);
    }

    /** Returns the events whose commit was confirmed. */
    List<UUID> committed() {
        return committed;
    }

    /** Returns the events that were rolled back. */
    List<UUID> rolledBack() {
        return rolledBack;
    }

    /** Returns how many transactions were cut off; whether they were committed is not known. */
    int broken() {
        return broken;
    }

    @Override
    public LateWriter call() throws SQLException {
        int left = transactions;
        while (left > 0) {
            try (Connection connection = database.getConnection()) {
                connection.setAutoCommit(false);
                while (left > 0) {
                    left--;
                    transact(connection);
                }
            } catch (SQLException e) {
                if (Failure.of(e) != Failure.LOST) {
                    throw e;
                }
                broken++;
            }
        }
        return this;
    }

    private void transact(Connection connection) throws SQLException {
        TestServer.execute(connection, "INSERT INTO naive DEFAULT VALUES");
        TestServer.execute(connection, "SELECT pg_sleep(" + SLOWEST_SECONDS * random.nextDouble() + ")");
        UUID id = append(connection, stream);
        if (random.nextInt(8) == 0) {
            TestServer.execute(connection, "SELECT pg_sleep(0.003)"); // under the log's lock
        }
        if (random.nextInt(5) == 0) {
            connection.rollback();
            rolledBack.add(id);
        } else {
            connection.commit();
            committed.add(id);
        }
    }

    /** Appends an event in the connection's transaction and returns its id. */
    static UUID append(Connection connection, StreamId stream) throws SQLException {
        Event event = Event.of("Sold", Data.json("{}"));
        Append append = new Append(List.of(new StreamWrite(stream, List.of(event))), List.of());
        new AppendCall(List.of(append)).run(connection, null, 30);
        return event.id();
    }
}
