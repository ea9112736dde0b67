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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import leftfold.store.Append;
import leftfold.store.Batch;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import leftfold.store.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Followers while writers of two stores append beside transactions that take their time, commit late, are rolled back
 * or killed. What a follower of numbers from a sequence would lose is counted in the same run.
 */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES) // what would fail often hangs instead
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class OrderTest {
    private static final int WRITERS = 8;
    private static final int APPENDS = 150;
    private static final int LATE_WRITERS = 8;
    private static final int TRANSACTIONS = 120;
    private static final Duration WAIT = Duration.ofMillis(50);

    private final HikariDataSource first = TestServer.newSchema();
    private final HikariDataSource second = TestServer.pool(first.getSchema());
    private final List<PostgresEventStore> stores =
            List.of(PostgresEventStore.open(first), PostgresEventStore.open(second));
    private final AtomicLong end = new AtomicLong(Long.MAX_VALUE); // known once nobody writes any more
    private final CountDownLatch othersAreDone = new CountDownLatch(1);

    /** An event as a follower or the table tells of it. */
    private record Seen(long position, UUID id) {}

    @BeforeEach
    void make_the_naive_table_and_another_database() throws SQLException {
        try (Connection connection = first.getConnection()) {
            TestServer.execute(connection, LateWriter.NAIVE_TABLE);
        }
        TestServer.RUNNING.execute("CREATE DATABASE other_" + first.getSchema());
    }

    @AfterEach
    void close_the_stores() {
        stores.forEach(PostgresEventStore::close);
        first.close();
        second.close();
    }

    @Test
    void followers_see_each_committed_event_once_and_in_order_where_a_naive_one_loses_events() throws Exception {
        Crowd<List<Seen>> followers = new Crowd<List<Seen>>()
                .add(4, i -> () -> follow(stores.get(i % 2), Integer.MAX_VALUE))
                .add(2, i -> () -> follow(stores.get(i), 3));
        Crowd<Set<Long>> naive = new Crowd<Set<Long>>().add(this::followNaively);
        try (Connection idle =
                TestServer.RUNNING.database("other_" + first.getSchema()).getConnection()) {
            idle.setAutoCommit(false);
            TestServer.execute(idle, "CREATE TABLE never_committed (id int)"); // it has a transaction id
            Crowd<UUID> late = new Crowd<UUID>().add(this::appendLast);
            Crowd<Integer> killer = new Crowd<Integer>().add(this::kill);
            Crowd<List<UUID>> writers = new Crowd<List<UUID>>().add(WRITERS, i -> () -> write(stores.get(i % 2), i));
            List<LateWriter> lateWriters = new Crowd<LateWriter>()
                    .add(LATE_WRITERS, i -> new LateWriter(TestServer.source(first.getSchema()), i, TRANSACTIONS))
                    .join();
            Set<UUID> confirmed = new HashSet<>();
            writers.join().forEach(confirmed::addAll);
            lateWriters.forEach(one -> confirmed.addAll(one.committed()));
            othersAreDone.countDown();
            assertThat(killer.join().getFirst()).isPositive();
            confirmed.add(late.join().getFirst());

            List<Seen> log = log();
            end.set(log.size());
            List<UUID> ids = log.stream().map(Seen::id).toList();
            assertThat(log.stream().map(Seen::position))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, log.size()).boxed().toList());
            assertThat(ids).doesNotHaveDuplicates().containsAll(confirmed);
            assertThat(ids)
                    .doesNotContainAnyElementsOf(lateWriters.stream()
                            .flatMap(one -> one.rolledBack().stream())
                            .toList());
            assertThat(log.size() - confirmed.size())
                    .isLessThanOrEqualTo(
                            lateWriters.stream().mapToInt(LateWriter::broken).sum());
            assertThat(followers.join()).allSatisfy(seen -> assertThat(seen).isEqualTo(log));
        }
        assertThat(naive.join().getFirst().size())
                .as("the load is hard enough to lose events")
                .isLessThan(Integer.parseInt(
                        TestServer.RUNNING.text("SELECT count(*) FROM " + first.getSchema() + ".naive")));
    }

    private static List<UUID> write(PostgresEventStore store, int number) {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < APPENDS; i++) {
            List<Event> events = new ArrayList<>();
            for (int count = 0; count <= i % 3; count++) {
                events.add(Event.of("Bought", Data.json("{}")));
            }
            StreamId stream = StreamId.of("writer", String.valueOf(number));
            store.append(new Append(List.of(new StreamWrite(stream, events)), List.of()));
            events.forEach(event -> ids.add(event.id()));
        }
        return ids;
    }

    /** Draws its number before everybody else, and commits after them. */
    private UUID appendLast() throws SQLException, InterruptedException {
        try (Connection connection = TestServer.source("public").getConnection()) {
            connection.setSchema(first.getSchema());
            connection.setAutoCommit(false);
            TestServer.execute(connection, "INSERT INTO naive DEFAULT VALUES");
            othersAreDone.await();
            UUID id = LateWriter.append(connection, StreamId.of("late-last"));
            connection.commit();
            return id;
        }
    }

    /** Kills whoever is in the middle of a transaction, and returns how many. */
    private int kill() throws SQLException {
        String sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '"
                + first.getSchema() + "' AND state <> 'idle' ORDER BY random() LIMIT 1";
        int killed = 0;
        try (Connection connection = TestServer.source("public").getConnection();
                Statement statement = connection.createStatement()) {
            while (othersAreDone.getCount() > 0) {
                try (ResultSet row = statement.executeQuery(sql)) {
                    killed += row.next() ? 1 : 0;
                }
                LockSupport.parkNanos(40_000_000);
            }
        }
        return killed;
    }

    /** Follows to the end; begins anew where it was after so many batches, and where its connection was killed. */
    private List<Seen> follow(PostgresEventStore store, int batches) throws InterruptedException {
        List<Seen> seen = new ArrayList<>();
        long position = 0;
        while (position < end.get()) {
            try (Subscription subscription = store.subscribe(Query.all(), position)) {
                for (int i = 0; i < batches && position < end.get(); i++) {
                    Batch batch = subscription.next(64, WAIT);
                    batch.events()
                            .forEach(event -> seen.add(
                                    new Seen(event.position(), event.event().id())));
                    position = batch.position();
                }
            } catch (StoreException.Unavailable killed) {
                Thread.onSpinWait();
            }
        }
        return seen;
    }

    /** Follows the numbers of a sequence, as if they were in the order of commits. */
    private Set<Long> followNaively() throws SQLException {
        Set<Long> seen = new HashSet<>();
        long last = 0;
        try (Connection connection = TestServer.source("public").getConnection();
                Statement statement = connection.createStatement()) {
            connection.setSchema(first.getSchema());
            boolean ended = false;
            while (!ended) {
                ended = end.get() < Long.MAX_VALUE;
                try (ResultSet rows =
                        statement.executeQuery("SELECT id FROM naive WHERE id > " + last + " ORDER BY id")) {
                    while (rows.next()) {
                        last = rows.getLong(1);
                        seen.add(last);
                    }
                }
                LockSupport.parkNanos(2_000_000);
            }
        }
        return seen;
    }

    private List<Seen> log() throws SQLException {
        List<Seen> log = new ArrayList<>();
        try (Connection connection = first.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT position, event_id FROM leftfold_events ORDER BY position")) {
            while (rows.next()) {
                log.add(new Seen(rows.getLong(1), rows.getObject(2, UUID.class)));
            }
        }
        return log;
    }
}
