// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import leftfold.store.Data;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Order and completeness while many transactions publish, roll back and take their time to commit. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Tag("slow")
final class OutboxOrderTest {
    private static final int WRITERS = 8;
    private static final int TRANSACTIONS = 60;
    private static final int KEYS = 12;

    private final OutboxFixture here = new OutboxFixture();

    @AfterEach
    void close() throws Exception {
        here.close();
    }

    @Test
    void messages_of_a_key_come_in_the_order_of_their_commits_and_none_is_lost() throws Exception {
        try (Connection connection = here.database.getConnection()) {
            TestServer.execute(connection, "CREATE TABLE counters (key text PRIMARY KEY, n int NOT NULL)");
            TestServer.execute(connection, "INSERT INTO counters SELECT 'key' || i, 0 FROM generate_series(0, 11) i");
        }
        Inbox inbox = new Inbox();
        here.relay(inbox, OutboxFixture.QUICK);
        here.relay(inbox, OutboxFixture.QUICK);
        try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<?>> done = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                Random random = new Random(writer);
                done.add(writers.submit(() -> {
                    for (int i = 0; i < TRANSACTIONS; i++) {
                        transact(random);
                    }
                    return null;
                }));
            }
            for (Future<?> one : done) {
                one.get();
            }
        }
        here.untilDelivered();
        var received = Inbox.byKey(inbox.received);
        int all = 0;
        for (int key = 0; key < KEYS; key++) {
            int last = (int) here.number("SELECT n FROM counters WHERE key = 'key" + key + "'");
            assertThat(received.getOrDefault("key" + key, List.of()))
                    .as("key" + key)
                    .isEqualTo(IntStream.rangeClosed(1, last)
                            .mapToObj(String::valueOf)
                            .toList());
            all += last;
        }
        assertThat(all).isGreaterThan(WRITERS * TRANSACTIONS / 2);
    }

    /** The counter's row, locked until the end, numbers the commits of a key without any help of the outbox. */
    private void transact(Random random) throws SQLException {
        String key = "key" + random.nextInt(KEYS);
        try (Connection connection = here.database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            int n;
            try (ResultSet row =
                    statement.executeQuery("UPDATE counters SET n = n + 1 WHERE key = '" + key + "' RETURNING n")) {
                row.next();
                n = row.getInt(1);
            }
            Outbox.publish(connection, OutboxMessage.of(key, "Counted", Data.json(String.valueOf(n))));
            if (random.nextInt(4) == 0) {
                statement.execute("SELECT pg_sleep(0.01)"); // a commit that comes late
            }
            if (random.nextInt(6) == 0) {
                connection.rollback();
            } else {
                connection.commit();
            }
        }
    }
}
